"""Lines against the left side and the line before; relations; equivalences; draws."""

from __future__ import annotations

import numpy as np

from engine.formulas.bench import DRAWS, bench_for
from engine.formulas.comparing import BEFORE, LEFT, NEARNESS
from engine.formulas.draws import positive
from engine.formulas.notation import Notation
from engine.formulas.proving import SOLUTION, prove_line
from engine.formulas.statements import read_lines
from engine.formulas.world import World
from tests.cases import for_each
from tests.unit.engine.formulas.samples import PLAIN, holds, proofs


def test_each_line_is_compared_with_the_left_side_and_the_line_before() -> None:
    first, second = proofs(r"(u + c)^2 = u^2 + 2 u c + c^2", r"= u (u + 2 c) + c^2")
    assert [c.against for c in first.comparisons] == [LEFT]
    assert [c.against for c in second.comparisons] == [BEFORE, LEFT]
    assert first.ok
    assert second.ok
    assert first.draws == DRAWS >= 8


def test_a_wrong_line_fails_where_it_stands() -> None:
    found = proofs(r"(u + c)^2 = u^2 + u c + c^2", r"= (u + c)^2")
    assert not found[0].ok
    assert not found[1].ok


def test_a_difference_that_must_be_zero_is_measured_on_its_terms() -> None:
    assert holds(r"\sin(u) \sin(u) + \cos(u) \cos(u) - 1 = 0")
    assert not holds(r"\sin(u) \sin(u) + \cos(u) \cos(u) - 1.0001 = 0")


ZEROS = (
    Notation()
    .drawn("u")
    .drawn("c")
    .drawn("A", r"2 \times 3")
    .size("K")
    .drawn("z", "K")
    .defined(r"p_i = \frac{\exp(z_i)}{\sum_{k=1}^{K} \exp(z_k)}", "", over="i")
    .defined(r"f = \sin(u) \sin(u) + \cos(u) \cos(u)", "")
    .defined(r"g = f + 0.000001 u", "")
    .defined(r"s = 500 u \cdot \frac{1}{u}", "")
    .drawn("X", r"3 \times 4")
    .with_moving("X")
    .index("i j k")
)
"""Derivatives of these are 0 in which terms of about 1 to 1000 cancel."""


@for_each(
    "latex",
    [
        r"\frac{\partial}{\partial u} (u^3 c - u^2 c u) = 0",
        r"\frac{\partial}{\partial u} 1000 (u^3 c - u^2 c u) = 0",
        r"0 = \frac{\partial}{\partial u} \frac{u}{u c}",
        r"\frac{\partial f}{\partial u} = 0",
        r"\frac{\partial s}{\partial u} = 0",
        r"\frac{\partial}{\partial z_j} \sum_{i=1}^{K} p_i = 0",
        r"d (\frac13 \sum_i \sum_j X_{ij} 3 u - u \sum_i \sum_j X_{ij}) = 0",
    ],
)
def test_a_derivative_that_is_zero_is_measured_on_the_terms_that_cancel(latex: str) -> None:
    (proof,) = proofs(latex, notation=ZEROS)
    assert proof.ok, proof.failure
    assert proof.failure == ""
    (through, end) = proofs(latex, "= 0", notation=ZEROS)
    assert through.ok
    assert end.ok, end.failure


@for_each(
    "latex",
    [
        r"\frac{\partial}{\partial u} (u^3 c - u^2 c u + 0.000001 u) = 0",
        r"\frac{\partial}{\partial u} 1000 (u^3 c - u^2 c u + 0.000001 u) = 0",
        r"0 = \frac{\partial}{\partial u} (\frac{u}{u c} + 0.000001 u)",
        r"\frac{\partial g}{\partial u} = 0",
        r"\frac{\partial f}{\partial u} = 0.000001",
        r"\frac{\partial s}{\partial u} = 0.000001",
        r"\frac{\partial}{\partial u} 0.000001 u = 0",
        r"\frac{\partial}{\partial z_j} \sum_{i=1}^{K} p_i (1 + 0.000001 z_i) = 0",
        r"d (\frac13 \sum_i \sum_j X_{ij} 3 u - 1.000001 u \sum_i \sum_j X_{ij}) = 0",
    ],
)
def test_a_derivative_that_is_small_is_not_zero(latex: str) -> None:
    (proof,) = proofs(latex, notation=ZEROS)
    assert not proof.ok
    assert "at most 1e-09 is allowed" in proof.failure


@for_each(
    ("latex", "said"),
    [
        ("u = 2 u", "not equal to the left side. The difference is 0.5 of the largest term"),
        (r"\frac{\partial f}{\partial u} = u", "is not the derivative on the left side"),
        ("A = A_{1,1}", "Their shapes differ, or a value is not finite"),
        (r"u \approx 2 u", "too far apart"),
        ("u < u", "not in this order on every draw"),
        (r"u^2 + 9 \ge 1", "never come near each other"),
        ("u = u / (u - u)", "a value is not finite"),
        (r"u = 1 \iff c = 1", "do not hold for the same values"),
    ],
)
def test_what_fails_says_why(latex: str, said: str) -> None:
    (proof,) = proofs(latex, notation=ZEROS)
    assert not proof.ok
    assert said in proof.failure


def test_decimals_may_be_rounded_and_no_more() -> None:
    given = PLAIN.fixed("u", 0.123456)
    assert holds(r"u = 0.123456", notation=given)
    assert holds(r"u = 0.1235", notation=given)
    assert not holds(r"u = 0.1236", notation=given)
    assert not holds(r"u = 0.1", notation=given)


def test_an_order_must_come_near_equality() -> None:
    far = PLAIN.drawn("u", make=positive(5.0, 6.0))
    (proof,) = proofs(r"u \ge 1", notation=far)
    assert not proof.ok
    assert proof.worst.against == NEARNESS

    def near(world: World) -> float:
        return 1.0 + (0.001 if world.index == 3 else 1.0)

    assert holds(r"u \ge 1", notation=PLAIN.computed("u", near, ""))
    assert not holds(r"u \le 1", notation=PLAIN.computed("u", near, ""))


def test_an_order_that_fails_on_one_draw_fails() -> None:
    def once(world: World) -> float:
        return 0.9999 if world.index == 5 else 1.5

    assert not holds(r"u \ge 1", notation=PLAIN.computed("u", once, ""))


def equation(*, off: bool) -> Notation:
    """c u = 2, with u the solution on even draws and, if asked, off it on odd ones."""

    def u(world: World) -> object:
        moved = 1.0 if off and world.index % 2 else 0.0
        return 2 / world.value(("c", (), None)) + moved

    return PLAIN.drawn("c", make=positive()).computed("u", u, "")


def test_equivalences_are_seen_true_and_false() -> None:
    lines = (r"c u = 2", r"\iff u = \frac{2}{c}", r"\iff c u - 2 = 0")
    assert holds(*lines, notation=equation(off=True))
    never_false = proofs(*lines, notation=equation(off=False))
    assert not any(proof.ok for proof in never_false)
    assert never_false[0].worst.against == SOLUTION
    assert not holds(r"c u = 2", r"\iff u = 2 c", notation=equation(off=True))


def test_what_has_no_value_is_told_and_fails() -> None:
    lines = read_lines([r"A x = x"], PLAIN)
    assert not prove_line(lines, 0, bench_for(lines, PLAIN, "tests")).ok
    lines = read_lines([r"A y = y"], PLAIN)
    proof = prove_line(lines, 0, bench_for(lines, PLAIN, "tests"))
    assert not proof.ok
    assert "cannot be multiplied" in proof.problem


def test_draws_are_seeded_and_differ() -> None:
    def values(name: str, round_number: int = 0) -> list[float]:
        worlds = [World(PLAIN, name, round_number, index) for index in range(3)]
        return [float(world.value(("u", (), None))) for world in worlds]

    assert values("one") == values("one")
    assert len({*values("one"), *values("two"), *values("one", 1)}) == 9


@for_each("draw", range(6))
def test_every_dimension_has_another_size(draw: int) -> None:
    notation = Notation().size("S_l", over="l").size("m").size("n").size("d")
    world = World(notation, "sizes", 0, draw)
    places = [("S", (1,), None), ("S", (2,), None), ("m", (), None), ("n", (), None),
              ("d", (), None)]  # fmt: skip
    assert len({world.value(place) for place in places}) == len(places)


def test_what_is_asked_first_does_not_change_the_draw() -> None:
    one, other = World(PLAIN, "order"), World(PLAIN, "order")
    x = one.value(("x", (), None))
    other.value(("c", (), None))
    assert np.array_equal(x, other.value(("x", (), None)))
