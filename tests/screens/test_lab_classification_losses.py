"""The lab with losses for classes: every key, the field, every view, and how it looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.labs.classification_losses import START, answer
from tests.screens.lab_bench import LabBench
from tui.labs import make_lab
from tui.labs.classification_losses import ClassificationLossesLab, six

SnapCompare = Callable[..., bool]
SIZES = [(80, 24), (120, 40)]


def bench(theme: str = "dltutor-dark") -> tuple[LabBench, ClassificationLossesLab]:
    app = LabBench("classification_losses", theme)
    assert isinstance(app.lab, ClassificationLossesLab)
    return app, app.lab


async def test_the_start_is_that_of_the_curriculum() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        text = app.said("samples")
        for number in ("2.302585", "0.223144", "0.356675", "0.960801"):
            assert number in text
        await pilot.press("n", "n")
        assert lab.mode == "ce_logits"
        text = app.said("samples")
        for number in ("0.390694", "0.939831", "0.426013", "0.853287", "0.896559"):
            assert number in text
        await pilot.press("y", "down", "y")
        assert lab.samples.labels == (1, 2)
        assert "1.246559" in app.said("samples")


async def test_every_key_does_what_it_says() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("plus", "equals_sign", "minus")
        assert lab.samples.rows[0] == (0.15,)
        await pilot.press("down", "down", "down", "up")
        assert (lab.row, lab.column) == (1, 0)
        assert app.said("pane").startswith("sample 2")
        await pilot.press("n", "n", "right", "right", "right", "left")
        assert (lab.row, lab.column) == (1, 1)
        await pilot.press("minus")
        assert lab.samples.rows[1] == (0.3, 0.5, 0.1)
        await pilot.press("n")
        assert lab.samples.rows[0] == (0.15,), "each loss keeps its numbers"
        assert (lab.row, lab.column) == (1, 0)
        await pilot.press("r")
        assert lab.samples == START["bce_probabilities"]


async def test_arrows_to_the_side_say_why_nothing_moves_where_a_sample_has_one_number() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right")
        assert "Each sample has one number here." in app.said("note").replace("\n", " ")
        await pilot.press("n", "n", "right", "right", "right")
        assert (lab.row, lab.column) == (0, 2)
        assert "one number" not in app.said("note")


async def test_softmax_twice_stands_beside_softmax_once() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("v")
        assert "no softmax" in app.said("pane")
        await pilot.press("n", "n")
        found = answer(lab.samples)
        text = app.said("pane")
        for number in (*found.losses, *found.twice_losses, found.twice_mean, found.floor):
            assert six(number) in text
        assert "ln(e + 3 − 1) − 1" in text


async def test_what_pairs_and_what_does_not() -> None:
    app, _ = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("v", "v")
        text = app.said("pane")
        assert "z = −2.197225 and the label 1" in text
        assert text.count("✓") == 5
        assert text.count("✗") == 1
        assert "−0.900000" in text
        await pilot.press(*["minus"] * 3)
        assert "no finite score" in app.said("pane")
        assert "uses −100 for it" in app.said("samples")
        assert "This is the limit" in app.said("note")


async def test_nonsense_gets_a_sentence_and_keeps_the_old_value() -> None:
    app, lab = bench()
    modes = set()
    async with app.run_test(size=(80, 24)) as pilot:
        for _mode in range(3):
            modes.add(lab.mode)
            before = lab.samples
            for wrong in ("", "1", "a : 1", "0.5 : 7", "0.5 0.5 : 0 1 0", "2e9 : 0"):
                await pilot.press("e")
                app.typed(wrong)
                await pilot.press("enter")
                assert lab.samples == before, (lab.mode, wrong)
                assert app.said("note").endswith((".", "here.")), (lab.mode, wrong)
                await pilot.press("escape")
                assert lab.has_focus, (lab.mode, wrong)
            await pilot.press("n")
    assert len(modes) == 3


async def test_numbers_are_written_all_at_once() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", "n", "down", "right", "right", "e", *"1 -2.5 : 1", "enter")
        assert lab.samples.rows == ((1.0, -2.5),)
        assert lab.samples.labels == (1,)
        assert (lab.row, lab.column) == (0, 1)


def test_options_choose_the_start_and_bad_ones_are_said() -> None:
    lab = make_lab("classification_losses", {"mode": "ce_logits", "view": "twice"})
    assert isinstance(lab, ClassificationLossesLab)
    assert (lab.mode, lab.pane) == ("ce_logits", "twice")
    bad = make_lab("classification_losses", {"mode": "hinge"})
    assert isinstance(bad, ClassificationLossesLab)
    assert "'hinge'" in bad.trouble


@pytest.mark.parametrize("size", SIZES)
async def test_it_fits(size: tuple[int, int]) -> None:
    app, lab = bench()
    async with app.run_test(size=size) as pilot:
        await pilot.press("n", "n", "e")
        app.typed("500 -500 -22.125 1 2; 0 1 2 3 4; 4 3 2 1 0; 1 1 1 1 9 : 1 0 1 0")
        await pilot.press("enter")
        for _ in range(3):
            for part in ("modes", "samples", "pane"):
                assert max(map(len, app.said(part).splitlines())) <= 73, part
            assert lab.outer_size.height <= 19
            await pilot.press("v")


@pytest.mark.parametrize("size", SIZES)
def test_it_looks_as_before(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    app, _ = bench()
    assert snap_compare(app, terminal_size=size, press=["n", "n", "v"])


def test_it_looks_as_before_in_light(snap_compare: SnapCompare) -> None:
    app, _ = bench("dltutor-light")
    assert snap_compare(app, terminal_size=SIZES[0], press=["v", "v"])
