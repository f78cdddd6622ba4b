"""The descent lab: every key, every field, running, diverging, and how it looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.widgets import Static

from engine.labs.descent import MOST_STEPS, OPTIMISERS, Run, surface
from tests.screens.lab_bench import LabBench
from tui.labs import make_lab
from tui.labs.descent import START, DescentLab
from tui.labs.descent_map import HEAT, Grid, draw_map, heat, levels, scale
from tui.labs.descent_words import verdict
from tui.widgets.chart import Chart

SnapCompare = Callable[..., bool]
SIZES = [(80, 24), (120, 40)]


def bench(theme: str = "dltutor-dark") -> tuple[LabBench, DescentLab]:
    app = LabBench("descent", theme)
    assert isinstance(app.lab, DescentLab)
    return app, app.lab


async def test_after_a_step_the_keys_stand_as_before() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        lab.focus()
        await pilot.pause()
        before = app.said("note")
        assert "\n" in before, "it is broken between keys"
        await pilot.press("n")
        assert app.said("note") == before


async def test_every_key_does_what_it_says() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", "n")
        assert lab.now.steps == 2
        assert "step 2" in app.said("values")
        await pilot.press("b", "b", "b")
        assert lab.now.steps == 0
        assert "no step has been taken yet" in app.said("note")
        await pilot.press("f")
        assert lab.now.steps == 25
        await pilot.press("plus")
        assert (lab.now.rate, lab.now.steps) == (0.625, 0)
        await pilot.press("minus", "minus")
        assert lab.now.rate == 0.4
        for number, name in enumerate(OPTIMISERS, start=1):
            await pilot.press(str(number), "n")
            assert lab.chosen == name
            assert lab.now.steps == 1
        await pilot.press("r")
        assert lab.now.steps == 0
        assert lab.runs["gd"].steps == 1
        await pilot.press("right", "right")
        assert lab.now.steps == 2
        await pilot.press("left")
        assert lab.now.steps == 1
        await pilot.press("right_square_bracket", "down")
        assert {run.start for run in lab.runs.values()} == {(-1.5, 6.5)}
        assert lab.runs["gd"].steps == 0
        await pilot.press("left_square_bracket", "up", "x")
        assert lab.now.start == START
        assert lab.runs["gd"].rate == 0.5
        await pilot.press("v")
        assert lab.query_one(Chart).display
        assert not lab.query_one("#map").display


async def test_the_path_is_drawn_with_its_letter() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["n"] * 3, "2", *["n"] * 3)
        await pilot.pause()
        text = app.said("map")
        for sign in "○✚◉GS∙▀":
            assert sign in text
        assert "w₁" in text
        assert len(lab.query_one(Chart).drawing.series) == 2


async def test_the_values_are_those_of_the_run() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4", "n")
        text = app.said("values")
        assert "batch 8 of 64" in text
        lines = text.split("\n")
        assert lines[7].split()[1:] == [f"{one:.6f}".replace("-", "−") for one in lab.now.at.w]
        points = [line.find(".", 11) for line in lines[7:13] if "." in line[11:]]
        assert len(points) == 6
        assert len(set(points)) == 1, "points stand below each other"
        assert f"{surface().largest_rate:.6f}" in text


async def test_divergence_is_shown_and_said() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        app.typed("2.6")
        await pilot.press("enter", "f")
        assert "The loss grows" in app.said("note")
        assert "above 2/λ = 2.5244" in app.said("note")
        await pilot.press("e")
        app.typed("10")
        await pilot.press("enter", "f")
        assert lab.now.diverged
        assert app.said("note").startswith("Diverged: after")
        steps = lab.now.steps
        await pilot.press("n")
        assert lab.now.steps == steps
        assert app.said("note").startswith("Diverged: after")


def test_a_loss_beyond_all_numbers_is_said_in_words() -> None:
    run = Run("momentum", 100.0).stepped(MOST_STEPS)
    assert run.diverged
    assert verdict(run).startswith("Diverged: after")
    assert verdict(Run("gd", 0.5).stepped(30)) == ""


async def test_running_goes_on_by_itself_until_the_path_ends() -> None:
    app, lab = bench()
    lab.run_seconds = 0.02
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        app.typed("8")
        await pilot.press("enter", "s")
        while lab.running:
            await pilot.pause()
        assert lab.now.diverged
        assert app.said("note").startswith("Diverged")
        await pilot.press("r", "s", "s")
        assert not lab.running


FIELDS = {
    "e": ("0.5", "1/4", ["", "fast", "0", "-1", "1e9", "1 2"]),
    "w": ("-2 7", "0 -1/2", ["", "1", "a b", "1 99", "-9 0"]),
    "z": ("8", "2^4", ["", "all", "0", "65", "2.5"]),
}


async def test_nonsense_gets_a_sentence_and_keeps_the_old_value() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        before = dict(lab.runs)
        for key, (_old, _good, wrong) in FIELDS.items():
            for text in wrong:
                await pilot.press(key)
                app.typed(text)
                await pilot.press("enter")
                assert lab.runs == before, (key, text)
                assert app.said("note").strip().endswith((".", "here.")), (key, text)
                await pilot.press("escape")
        for key, (old, good, _wrong) in FIELDS.items():
            before = dict(lab.runs)
            await pilot.press(key)
            assert getattr(app.focused, "value", None) == old, key
            app.typed(good)
            await pilot.press("enter")
            assert lab.runs != before, key
            assert lab.has_focus, key


async def test_limits_are_said() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["left_square_bracket"] * 3)
        assert lab.now.start[0] == -3
        assert "cannot start at" in app.said("note")
        await pilot.press("e")
        app.typed("99")
        await pilot.press("enter", "plus")
        assert lab.now.rate == 99
        assert "at most 100" in app.said("note")


def test_options_choose_the_start_and_bad_ones_are_said() -> None:
    lab = make_lab("descent", {"optimiser": "sgd", "rate": "0.2", "batch": "4"})
    assert isinstance(lab, DescentLab)
    assert (lab.chosen, lab.now.rate) == ("sgd", 0.2)
    assert {run.batch_size for run in lab.runs.values()} == {4}
    bad = make_lab("descent", {"optimiser": "newton"})
    assert isinstance(bad, DescentLab)
    assert "There is no optimiser" in bad.trouble
    assert bad.chosen == "gd"


def test_the_heat_rises_with_the_loss_from_the_valley_to_the_rim() -> None:
    steps = heat(surface(), 41, 21)
    w1s = [-3 + 10 * column / 40 for column in range(41)]
    w2s = [8 - 10 * row / 20 for row in range(21)]
    seen = sorted(
        (float(surface().loss(w1, w2)), step)
        for w2, row in zip(w2s, steps, strict=True)
        for w1, step in zip(w1s, row, strict=True)
    )
    assert [step for _loss, step in seen] == sorted(step for _loss, step in seen)
    assert {step for _loss, step in seen} >= set(range(6, HEAT + 1))
    for number, level in enumerate(levels(surface()), 1):
        below = [step for loss, step in seen if loss <= level]
        assert max(below, default=0) <= 2 * number


@pytest.mark.parametrize("palette", [(), tuple(f"#0000{step:02x}" for step in range(HEAT + 1))])
def test_the_heat_is_a_colour_or_a_shade_and_its_scale_says_which(palette: tuple[str, ...]) -> None:
    rows = draw_map(surface(), [Run("gd", 0.1).stepped(3)], "gd", Grid(40, 12), palette)
    text = "".join(sign for row in rows for sign, _style in row)
    assert {"○", "◉", "✚"} <= set(text)
    grounds = {style.rpartition(" on ")[2] for row in rows for _sign, style in row}
    assert len(grounds) > 8 if palette else set("░▒▓█") <= set(text)
    narrow = scale(surface(), palette, 42)
    assert sum(len(sign) for sign, _style in narrow) <= 42
    names = "".join(sign for sign, _style in scale(surface(), palette))
    assert all(f" {level:.2g} " in names for level in levels(surface()))


def test_a_path_that_leaves_the_map_does_no_harm() -> None:
    run = Run("momentum", 100.0).stepped(MOST_STEPS)
    rows = draw_map(surface(), [run], "momentum", Grid(40, 12))
    assert all(sum(len(text) for text, _ in row) == 40 for row in rows)


@pytest.mark.parametrize("size", SIZES)
async def test_it_fits(size: tuple[int, int]) -> None:
    app, lab = bench()
    async with app.run_test(size=size) as pilot:
        await pilot.press("3", "e")
        app.typed("50")
        await pilot.press("enter", "f", "f")
        assert max(map(len, app.said("values").splitlines()[:-1])) <= 30
        assert lab.outer_size.height <= size[1] - 3


@pytest.mark.parametrize("size", SIZES)
async def test_the_map_is_drawn_for_its_size_when_the_note_changes_it(
    size: tuple[int, int],
) -> None:
    app, lab = bench()
    async with app.run_test(size=size) as pilot:
        board, heights = lab.query_one("#map", Static), set()
        for focused in (None, lab, None):  # without the focus the note is shorter
            app.screen.set_focus(focused)
            for _ in range(3):  # the note, the size of the map, its drawing
                await pilot.pause()
            heights.add(board.size.height)
            assert len(app.said("map").splitlines()) == board.size.height
        assert len(heights) == 2


@pytest.mark.parametrize("size", SIZES)
def test_it_looks_as_before(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    app, _ = bench()
    assert snap_compare(app, terminal_size=size, press=["n", "n", "n", "n", "2", "f"])


def test_it_looks_as_before_in_light(snap_compare: SnapCompare) -> None:
    app, _ = bench("dltutor-light")
    assert snap_compare(app, terminal_size=SIZES[0], press=["f", "5", "f", "v"])
