"""The entropy lab: every key, the field, and how it looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.labs.entropy import State, answer
from tests.screens.lab_bench import LabBench
from tui.labs import make_lab
from tui.labs.entropy import SUM_BAR, EntropyLab, split_bar

SnapCompare = Callable[..., bool]
SIZES = [(80, 24), (120, 40)]


def bench(theme: str = "dltutor-dark") -> tuple[LabBench, EntropyLab]:
    app = LabBench("entropy", theme)
    assert isinstance(app.lab, EntropyLab)
    return app, app.lab


async def test_at_the_start_the_two_divergences_differ() -> None:
    app, _ = bench()
    async with app.run_test(size=(80, 24)):
        for number in ("1.029653", "1.247665", "0.218012", "0.239278"):
            assert number in app.said("sums")
        assert "1.029653 + 0.218012" in app.said("split")
        for share, count in (("0.500000", 2), ("0.300000", 1), ("0.200000", 1), ("0.250000", 2)):
            assert app.said("shares").count(share) == count


async def test_every_key_does_what_it_says() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right")
        assert lab.state.q == pytest.approx((0.3, 0.7 / 3, 1.4 / 3))
        await pilot.press("left")
        assert lab.state.q == pytest.approx((0.25, 0.25, 0.5))
        await pilot.press("down", "down", "down", "up")
        assert lab.state.index == 1
        await pilot.press("s", "o")
        assert lab.state.p == (0.0, 1.0, 0.0)
        assert "one-hot: H(p) = 0" in app.said("split")
        assert "∞" in app.said("sums")
        await pilot.press("u")
        assert lab.state.p == (1 / 3,) * 3
        await pilot.press("m")
        assert lab.state.p == lab.state.q
        assert "q = p: D = 0" in app.said("split")
        await pilot.press("m")
        assert app.said("note") == "p and q are already equal."
        await pilot.press("plus", "plus", "plus")
        assert len(lab.state.p) == 5
        assert "2 to 5 outcomes" in app.said("note")
        await pilot.press(*["minus"] * 4)
        assert len(lab.state.p) == 2
        assert "2 to 5 outcomes" in app.said("note")
        await pilot.press("r")
        assert lab.state == State()


async def test_what_the_model_excludes_is_said() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["left"] * 6)
        assert lab.state.q[0] == 0.0
        assert "the model gives 0 to an outcome that can happen" in app.said("split")
        assert "this one is at the limit" in app.said("note")


async def test_nonsense_gets_a_sentence_and_keeps_the_old_value() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        for wrong in ("", "1 2", "1 2 x", "0 0 0", "1 -1 2", "1/0 1 1"):
            await pilot.press("e")
            app.typed(wrong)
            await pilot.press("enter")
            assert lab.state == State(), wrong
            assert "." in app.said("note"), wrong
            assert "Type 3 numbers for q" not in app.said("note"), wrong
            await pilot.press("escape")
            assert lab.has_focus, wrong
        await pilot.press("e")
        app.typed("1 1/2 0.5")
        await pilot.press("enter")
        assert lab.state.q == (0.5, 0.25, 0.25)
        assert lab.has_focus


def test_a_side_that_does_not_exist_is_said() -> None:
    lab = make_lab("entropy", {"side": "r"})
    assert isinstance(lab, EntropyLab)
    assert "p or q" in lab.trouble
    other = make_lab("entropy", {"side": "p"})
    assert isinstance(other, EntropyLab)
    assert other.state.side == "p"


def test_the_split_bar_is_in_proportion() -> None:
    found = answer(State())
    drawn = split_bar(found, found.cross, SUM_BAR)
    assert len(drawn) == SUM_BAR
    assert drawn.count("█") == round(SUM_BAR * found.entropy_p / found.cross)


@pytest.mark.parametrize("size", SIZES)
async def test_it_fits(size: tuple[int, int]) -> None:
    app, lab = bench()
    async with app.run_test(size=size) as pilot:
        await pilot.press("plus", "plus", "s", "o")
        for part in ("shares", "sums", "split"):
            assert max(map(len, app.said(part).splitlines())) <= 73, part
        assert lab.outer_size.height <= 18


@pytest.mark.parametrize("size", SIZES)
def test_it_looks_as_before(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    app, _ = bench()
    assert snap_compare(app, terminal_size=size, press=["right", "right", "down"])


def test_it_looks_as_before_in_light(snap_compare: SnapCompare) -> None:
    app, _ = bench("dltutor-light")
    assert snap_compare(app, terminal_size=SIZES[0], press=["s", "o"])
