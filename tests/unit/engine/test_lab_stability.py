"""The model of the stability lab: torch's numbers, true errors, and breaks where torch breaks."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from engine.errors import UserError
from engine.labs.stability import (
    FORMS,
    LARGEST_SCORE,
    PRECISIONS,
    Choice,
    Function,
    Kind,
    Result,
    compute,
    exact,
    results,
    ulps,
)
from engine.labs.stability_breaks import CLOSE, breaks
from tests.cases import for_each

CHOICES = st.builds(
    Choice,
    st.lists(st.floats(-1000, 1000), min_size=2, max_size=4).map(tuple),
    st.integers(0, 1),
    st.integers(0, 1),
)


def by_torch(function: Function, form: str, z: torch.Tensor, choice: Choice) -> torch.Tensor:
    """The same formulas in torch, the stable ones by its own functions."""
    k, y = choice.index, choice.label
    if form == "stable":
        match function:
            case Function.SOFTMAX:
                return torch.softmax(z, 0)[k]
            case Function.LOG_SOFTMAX:
                return torch.log_softmax(z, 0)[k]
            case Function.BCE:
                target = torch.tensor(float(y), dtype=z.dtype)
                return functional.binary_cross_entropy_with_logits(z[0], target)
            case Function.TANH:
                return torch.tanh(z[0])
    p = z.exp()[k] / z.exp().sum()
    s = 1 / (1 + torch.exp(-z[0]))
    decay = torch.exp(-2 * z[0])
    naive: dict[Function, torch.Tensor] = {
        Function.SOFTMAX: p,
        Function.LOG_SOFTMAX: p.log(),
        Function.BCE: -(y * s.log() + (1 - y) * (1 - s).log()),
        Function.TANH: (1 - decay) / (1 + decay),
    }
    return naive[function]


@given(CHOICES)
def test_float64_is_torch_s(choice: Choice) -> None:
    z = torch.tensor(choice.scores, dtype=torch.float64)
    for (function, form, precision), result in results(choice).items():
        if precision == "float64":
            expected = float(by_torch(function, form, z, choice))
            assert result.value == pytest.approx(expected, rel=1e-12, abs=1e-12, nan_ok=True)


@given(
    st.builds(
        Choice,
        st.lists(st.floats(-30, 30), min_size=2, max_size=4).map(tuple),
        st.integers(0, 1),
        st.integers(0, 1),
    )
)
def test_float32_is_torch_s_but_for_rounding(choice: Choice) -> None:
    z = torch.tensor(choice.scores, dtype=torch.float32)
    for (function, form, precision), result in results(choice).items():
        if precision == "float32" and form == "stable":
            expected = float(by_torch(function, form, z, choice))
            assert result.value == pytest.approx(expected, rel=1e-5, abs=1e-6)


@for_each("precision", PRECISIONS)
@for_each("form", FORMS)
@for_each("function", Function)
def test_a_formula_keeps_its_precision(function: Function, form: str, precision: str) -> None:
    numbers = compute(function, form, precision, [[1.0, 2.0], [3.0, 4.0]])
    assert numbers.dtype == PRECISIONS[precision]
    assert numbers.shape == (2,)


@given(CHOICES)
def test_stable_formulas_give_no_inf_and_no_nan_and_stay_close(choice: Choice) -> None:
    for (function, form, precision), result in results(choice).items():
        if form == "naive":
            continue
        assert math.isfinite(result.value)
        if function is Function.TANH:
            assert result.ulps < 5, precision
        elif function is not Function.LOG_SOFTMAX:
            # An exponent of -700 is rounded before it is raised, and carries its error along.
            assert result.ulps < 2e3, (function, precision)


def test_even_stable_log_softmax_loses_what_rounds_to_one() -> None:
    # ln(1 + e^-17): the sum rounds to 1 in float32, as it does in torch.
    found = results(Choice((17.0, 0.0)))[Function.LOG_SOFTMAX, "stable", "float32"]
    assert found.broken is Kind.ZERO
    assert float(torch.log_softmax(torch.tensor([17.0, 0.0]), 0)[0]) == 0


def test_the_exact_results_have_the_digits_that_they_say() -> None:
    # 1 / (1 + e + e²) and the rest, from series of fractions.
    def e_to(x: Fraction) -> Fraction:
        term = total = Fraction(1)
        for k in range(1, 80):
            term *= x / k
            total += term
        return total

    one = e_to(Fraction(1))
    p = 1 / (1 + one + one * one)
    choice = Choice((0.0, 1.0, 2.0))
    found = Fraction(exact(Function.SOFTMAX, "float64", choice))
    assert abs(found - p) < Fraction(1, 10**50)
    square = e_to(Fraction(2))
    tanh = (square - 1) / (square + 1)
    found = Fraction(exact(Function.TANH, "float64", Choice((1.0, 1.0))))
    assert abs(found - tanh) < Fraction(1, 10**50)


def test_the_exact_result_is_for_the_score_as_the_precision_holds_it() -> None:
    tenth = Choice((0.1, 0.0))
    assert exact(Function.TANH, "float32", tenth) != exact(Function.TANH, "float64", tenth)
    assert exact(Function.TANH, "float32", tenth) == exact(
        Function.TANH, "float64", Choice((float(np.float32(0.1)), 0.0))
    )


def test_ulps_count_neighbours() -> None:
    for precision, kind in PRECISIONS.items():
        above = float(np.nextafter(kind(1.5), kind(2)))
        assert ulps(1.5, "1.5", precision) == 0
        assert ulps(above, "1.5", precision) == 1
        assert ulps(float(np.nextafter(kind(above), kind(2))), "1.5", precision) == 2
    assert ulps(0.0, "1e-46", "float32") < 1
    assert ulps(0.0, "1e-40", "float32") > 1000
    assert math.isnan(ulps(math.nan, "1", "float64"))
    assert math.isnan(ulps(math.inf, "1", "float64"))


def test_zero_is_broken_only_where_the_format_has_a_better_number() -> None:
    assert Result(0.0, 0.2).broken is None
    assert Result(0.0, 700.0).broken is Kind.ZERO
    assert Result(math.inf, math.nan).broken is Kind.INF
    assert Result(math.nan, math.nan).broken is Kind.NAN
    assert Result(0.5, 3.0).broken is None


def _kind(value: float) -> Kind | None:
    if math.isnan(value):
        return Kind.NAN
    if math.isinf(value):
        return Kind.INF
    return Kind.ZERO if value == 0 else None


@pytest.mark.parametrize(
    "choice", [Choice(), Choice((0.0, 40.0), 0, 0), Choice((3.0, 3.0, 3.0, 3.25), 3, 1)]
)
@pytest.mark.parametrize("function", Function)
def test_a_break_is_where_it_is_said(function: Function, choice: Choice) -> None:
    def at(form: str, precision: str, place: float) -> Kind | None:
        scores = [[place + offset for offset in choice.offsets]]
        numbers = compute(function, form, precision, scores, choice.index, choice.label)
        return _kind(float(numbers[0]))

    for (form, precision), places in breaks(function, choice).items():
        for sign, side in ((1, places.up), (-1, places.down)):
            for kind, place in side.items():
                assert at(form, precision, place) is kind
                assert at(form, precision, place - sign * 3 * CLOSE) is not kind
            for place in sign * np.linspace(0.1, LARGEST_SCORE, 997):
                kind_here = at(form, precision, float(place))
                if kind_here is not None:
                    assert abs(side[kind_here]) <= abs(place) + CLOSE


def test_the_breaks_are_torch_s() -> None:
    largest = {"float32": torch.finfo(torch.float32).max, "float64": torch.finfo().max}
    largest["float64"] = torch.finfo(torch.float64).max
    for precision, most in largest.items():
        softmax = breaks(Function.SOFTMAX, Choice((0.0, 0.0)))["naive", precision]
        # Both exponentials are inf above ln(max); before, already their sum is.
        assert softmax.up[Kind.NAN] == pytest.approx(math.log(most), abs=1e-4)
        assert softmax.up[Kind.ZERO] == pytest.approx(math.log(most) - math.log(2), abs=1e-4)
        tanh = breaks(Function.TANH, Choice())["naive", precision]
        assert tanh.down[Kind.NAN] == pytest.approx(-math.log(most) / 2, abs=1e-4)
        assert Kind.NAN not in tanh.up
        kind = torch.float32 if precision == "float32" else torch.float64
        place = softmax.up[Kind.NAN]
        for z, is_nan in ((place + 1e-3, True), (place - 1e-3, False)):
            p = torch.exp(torch.tensor([z, z], dtype=kind))
            assert bool(torch.isnan(p / p.sum())[0]) is is_nan


def test_stable_softmax_has_no_break() -> None:
    for function in (Function.SOFTMAX, Function.LOG_SOFTMAX, Function.TANH):
        for precision in PRECISIONS:
            places = breaks(function, Choice())["stable", precision]
            assert not places.up
            assert not places.down


def test_pushing_there_and_back_is_exact() -> None:
    choice = Choice((0.1, 1.2, -0.3))
    there = choice
    for _ in range(30):
        there = there.pushed(0.1)
    for _ in range(30):
        there = there.pushed(-0.1)
    assert there == choice
    assert choice.next_class().next_class().next_class() == choice
    assert Choice((1.0, 2.0, 3.0), index=2).with_scores((1.0, 2.0)).index == 1


@for_each("wrong", [{"scores": (1.0,)}, {"scores": (1.0,) * 5}, {"scores": (3e3, 0.0)}])
def test_what_cannot_be_used_is_said(wrong: dict[str, tuple[float, ...]]) -> None:
    with pytest.raises(UserError) as caught:
        replace(Choice(), scores=wrong["scores"])
    assert str(caught.value).endswith(".")
