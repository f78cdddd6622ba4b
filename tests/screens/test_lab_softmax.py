"""The softmax lab: every key, every field, and how it looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from engine.labs.softmax import SAMPLES, Answer, Autograd, Choice, answer
from tests.screens.lab_bench import LabBench, refuse_then_take
from tests.screens.waiting import settle
from tui.labs.softmax import SoftmaxLab, entry

SnapCompare = Callable[..., bool]


def bench(theme: str = "dltutor-dark") -> tuple[LabBench, SoftmaxLab]:
    app = LabBench("softmax", theme)
    assert isinstance(app.lab, SoftmaxLab)
    return app, app.lab


async def test_the_start_is_the_first_sample_with_its_jacobian_twice() -> None:
    app, _ = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        found = answer(Choice(SAMPLES[0]))
        shares, jacobians = app.said("shares"), app.said("jacobians").splitlines()
        for share in found.probabilities:
            assert f"{share:.9f}" in shares
        for line, row in zip(jacobians[1:-1], found.jacobian, strict=True):
            for value in row:
                assert line.count(entry(value, 4).strip()) >= 2
        assert jacobians[-1].startswith("sum")
        assert "✓ rounding only" in app.said("verdict")
        assert "p.sum().backward() gives 0 0 0 0" in app.said("verdict")
        assert "c does not change p" in app.said("sums")


async def test_every_key_does_what_it_says() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("right")
        assert lab.choice.scores == (-0.5, 2, -3, 4)
        await pilot.press("left", "down", "down", "left")
        assert lab.choice.scores == (-1, 2, -3.5, 4)
        await pilot.press("up", "up", "up", "right")
        assert lab.choice.scores == (-1, 2, -3.5, 4.5)
        assert "▶     4" in app.said("shares")
        await pilot.press("plus", "plus", "minus")
        assert lab.choice.constant == 1
        await pilot.press("full_stop", "full_stop", "comma")
        assert lab.choice.temperature == 2
        assert "/T" in app.said("jacobians")
        await pilot.press("n")
        assert lab.choice.scores == SAMPLES[0]
        await pilot.press("n")
        assert lab.choice == Choice(SAMPLES[1], 2.0, 1.0)
        assert "sample 2 of 2" in app.said("chosen")
        await pilot.press("r")
        assert lab.choice == Choice()
        assert lab.marked == 0


async def test_a_constant_leaves_the_probabilities() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        before = lab.answer.probabilities
        await pilot.press("plus")
        assert lab.answer.probabilities == pytest.approx(before, rel=1e-12)


FIELDS = {
    "e": ("-1", "ln(3)", ["", "no", "1/0", "5000"]),
    "a": ("-1 2 -3 4", "1 2/3 3", ["", "1", "1 2 3 4 5", "a b", "1 9e9"]),
    "c": ("0", "10^3", ["", "x", "1e9"]),
    "w": ("1", "1/4", ["", "?", "0", "-1", "1e9"]),
}


async def test_nonsense_gets_a_sentence_and_keeps_the_old_value() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert lab.choice == Choice()
        await refuse_then_take(app, pilot, FIELDS, lambda: lab.choice)


async def test_fewer_classes_take_the_mark_along() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("up", "a")
        assert lab.marked == 3
        app.typed("0 1")
        await pilot.press("enter")
        assert lab.marked == 1
        assert "your scores" in app.said("chosen")
        assert len(app.said("jacobians").splitlines()) == 4


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_fits(size: tuple[int, int]) -> None:
    app, lab = bench()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for scores in ("-1 2 -3 4", "-999.125 999.25 -3 1000"):
            await pilot.press("a")
            app.typed(scores)
            await pilot.press("enter", *["comma"] * 6, *["minus"] * 12)
            for part in ("chosen", "shares", "sums", "jacobians", "verdict", "note"):
                assert max(map(len, app.said(part).splitlines())) <= size[0] - 7, part
            assert lab.outer_size.height <= 18


async def _moved(pilot: Pilot[None]) -> None:
    await settle(pilot)
    await pilot.press("n", "down", "full_stop", "plus")
    await settle(pilot)


async def _refused(pilot: Pilot[None]) -> None:
    await settle(pilot)
    await pilot.press("w", "0", "enter")


@pytest.fixture
def no_rounding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Probabilities that are powers of 2, so that every processor computes the same."""
    p = (0.0625, 0.25, 0.1875, 0.5)
    jacobian = tuple(
        tuple(p_i * ((i == j) - p_j) for j, p_j in enumerate(p)) for i, p_i in enumerate(p)
    )

    def exactly(choice: Choice) -> Answer:
        return Answer(choice.scores, p, jacobian, 0.0)

    def the_same(choice: Choice) -> Autograd:
        return Autograd(jacobian, (0.0,) * len(p))

    monkeypatch.setattr("tui.labs.softmax.answer", exactly)
    monkeypatch.setattr("tui.labs.softmax.by_autograd", the_same)


@pytest.mark.usefixtures("no_rounding")
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_it_looks_as_before(size: tuple[int, int], snap_compare: SnapCompare) -> None:
    assert snap_compare(bench()[0], terminal_size=size, run_before=_moved)


@pytest.mark.usefixtures("no_rounding")
def test_a_refusal_looks_as_before(snap_compare: SnapCompare) -> None:
    assert snap_compare(bench("dltutor-light")[0], terminal_size=(80, 24), run_before=_refused)
