"""The registry of panes, their row, and the drawing of histograms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.training.insight import Diagnosis, Histogram, Insight, Insights, LayerInsight
from engine.training.snapshot import Change, Curve, Snapshot
from tests.cases import for_each
from tui.page.lines import line_text, line_width
from tui.panes import registry
from tui.panes.diagnosis import diagnosis_lines
from tui.panes.loss import LossPane, loss_series
from tui.panes.units import unit_lines
from tui.panes.updates import RULE, update_series
from tui.widgets.chart import Series
from tui.widgets.coded import KEY_STYLE
from tui.widgets.diagnosis_line import sentence
from tui.widgets.histogram import axis_row, histogram_rows
from tui.widgets.pane_bar import bar

NAMES = {str(number): name for number, name in enumerate(
    ("loss", "accuracy", "predictions", "epochs", "gradients", "runs", "updates", "units",
     "diagnosis"), start=1)}  # fmt: skip


def test_panes_stand_in_the_order_of_their_keys_and_keep_their_ids() -> None:
    found = registry.panes()
    keys = [registry.KEYS.index(pane.KEY) for pane in found]
    assert keys == sorted(keys)
    ids = {pane.KEY: pane.ID for pane in found}
    # The learner's own keys are stored under these ids.
    assert [ids[key] for key in "123456"] == [
        "loss", "epoch", "model", "table", "gradients", "runs",
    ]  # fmt: skip
    assert sum(pane.BESIDE for pane in found) == 4
    assert all(pane.TITLE and pane.TIP for pane in found)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"KEY": "5", "ID": "twin"}, "KEY"),
        ({"KEY": "4", "ID": "loss"}, "ID"),
        ({"KEY": "x"}, "must be one of"),
    ],
)
def test_two_panes_cannot_share_a_key_or_an_id(
    changes: dict[str, str], complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = type("Twin", (LossPane,), changes)
    monkeypatch.setattr("tui.panes.table.PANE", twin)
    registry.panes.cache_clear()
    with pytest.raises(ValueError, match=complaint):
        registry.panes()
    registry.panes.cache_clear()


def test_changes_of_the_rate_are_marked_on_the_loss() -> None:
    curve = Curve((1, 2, 3, 4), (4.0, 3.0, 2.0, 1.0))
    rates = [(0.1, 2), (0.2, 3), (0.3, 4), (0.4, 9)]
    changes = [Change(step, "lr", rate) for rate, step in rates]

    def marked(count: int) -> Series:
        shown = Snapshot(
            losses=curve, settings={"lr": 0.4}, started_with={"lr": 0.5},
            changes=(Change(1, "epochs", 9), *changes[:count]),
        )  # fmt: skip
        return loss_series(shown)[-1]

    assert marked(0).marker == ""
    two, four = marked(2), marked(4)
    assert (two.name, two.xs) == ("lr 0.5→0.1 @2→0.2 @3", (2.0, 3.0))
    assert (four.name, len(four.ys)) == ("lr 0.5→…→0.3 @4→0.4 @9", 4)
    assert 1.0 <= four.ys[-1] < four.ys[0] <= 4.0


def test_the_row_of_panes_gives_up_the_hint_first_and_then_the_farthest_names() -> None:
    whole = bar(NAMES, "1", "y:log", 120).plain
    assert whole.startswith("▐1 loss▌ 2 accuracy ")
    assert whole.endswith(" y:log")
    assert len(whole) == 119
    for width in (80, 60, 40):
        for key, name in NAMES.items():
            row = bar(NAMES, key, "y:log", width).plain
            assert len(row) <= width
            assert f"▐{key} {name}▌" in row
            assert all(f" {other} " in f" {row} " or f"▐{other}" in row for other in NAMES)
    assert " 9 " in bar(NAMES, "1", "", 80).plain
    assert "diagnosis" not in bar(NAMES, "1", "", 80).plain
    assert "loss" not in bar(NAMES, "9", "", 80).plain


def test_a_histogram_fills_its_rows_and_shows_a_sliver_of_the_smallest() -> None:
    rows = histogram_rows(Histogram(0.0, 1.0, (80, 40, 0, 1)), 8, 2)
    assert rows == ["██      ", "████  ▁▁"]
    assert histogram_rows(Histogram(0.0, 1.0, (0, 0)), 4, 1) == ["    "]
    assert axis_row("0", "log scale", "12", 20) == "0    log scale    12"
    assert axis_row("-3.25", "log scale", "12.5", 12) == "-3.25   12.5"


def insight(**changes: object) -> Insight:
    some = Histogram(0.0, 2.0, (5, 3, 0, 2))
    layers = (
        LayerInsight("hidden", 2e-3, 10, 4, 1, some, Histogram(-5.0, -1.0, (1, 2, 3, 4), 10)),
        LayerInsight("output", 5e-4, gradients=Histogram(-4.0, -1.0, (1, 2, 3, 4))),
    )
    return Insight(235, 1.0, 0.5, 2.303, layers, 3.0, 0.5, 2.0)


@for_each(("width", "height"), [(80, 13), (79, 5), (120, 30), (200, 50), (40, 10)])
@for_each("view", [0, 1])
def test_histograms_fit_every_width(width: int, height: int, view: int) -> None:
    lines = unit_lines(insight(), view, width, height)
    assert all(line_width(line) <= width for line in lines)
    text = "\n".join(map(line_text, lines))
    if width >= 100 or not view:
        wide = "dead 4 of 10 (40 %) · saturated 1 of 10 (10 %)"
        assert ("dead 4 · saturated 1" if width == 40 else wide) in text
        assert "highest bar: 50 %" in text
    if width >= 100 or view:
        assert "50.0 percent of them are 0" in text
        assert width < 100 or "none of them is 0" in text
        assert "1e−5" in text


@for_each(
    ("outside", "told"),
    [
        (0, "none of them is 0"),
        (1, "less than 0.1 percent of them are 0"),
        (2_000, "25.0 percent of them are 0"),
        (8_000, "all of them are 0"),
    ],
)
def test_a_share_of_gradients_that_are_0_is_told_in_words(outside: int, told: str) -> None:
    found = Histogram(-5.0, -1.0, (8_000 - outside,), outside)
    layer = LayerInsight("hidden", 2e-3, 10, 0, 0, None, found)
    lines = unit_lines(Insight(235, 1.0, 0.5, 2.303, (layer,), 3.0, 0.5, 2.0), 1, 80, 13)
    assert told in "\n".join(map(line_text, lines))


def test_updates_are_drawn_beside_the_rule_of_thumb() -> None:
    rule, hidden, output = update_series(
        Snapshot(layers=("hidden", "output"), epochs=3, insights=Insights((insight(),)))
    )
    assert set(rule.ys) == {RULE}
    assert (hidden.xs, hidden.ys) == ((1.0,), (2e-3,))
    assert output.ys == (5e-4,)
    assert len({rule.sign, hidden.sign, output.sign}) == 3
    assert update_series(Snapshot(layers=("hidden",))) == ()


SICK = (
    Diagnosis("dead-units", "hidden", 4, "246 of 256 units dead in “hidden”", "They die.", "Wait."),
    Diagnosis("chance-level", "", 2.3, "loss 2.371, by chance 2.297", "It guesses.", "Look."),
    Diagnosis("plateau", "", 0.1, "plateau: training loss 2.37", "It is level.", "Rest."),
)


@for_each("width", [40, 78, 118])
def test_the_line_tells_the_worst_and_how_many_more(width: int) -> None:
    shown = sentence(SICK, "9", width)
    line = shown.plain
    assert [line[at.start : at.end] for at in shown.spans if at.style == KEY_STYLE] == ["9"]
    assert len(line) <= width
    assert line.startswith("! 246 of 256")
    assert line.endswith("9: what to try")
    if width == 118:
        assert "by chance 2.297 · 1 more" in line
    if width == 78:
        assert "“hidden” · 2 more" in line


def test_the_pane_tells_all_of_it_and_what_is_watched() -> None:
    lines = [line_text(line) for line in diagnosis_lines(Insights((insight(),), SICK), 78)]
    for one in SICK:
        at = lines.index(f"! {one.title}")
        assert lines[at + 1] == one.text
        assert lines[at + 2] == f"▸ {one.advice}"
    assert "rate · curvature  1.5; above 2 steps grow (curvature 3)" in lines
    assert "hidden            update ÷ weight 2.0e−3 · 4 of 10 dead · 1 saturated" in lines
    fine = [line_text(line) for line in diagnosis_lines(Insights((insight(),)), 78)]
    assert fine[0] == "✓ Nothing looks wrong."
    tiny = Insights((replace(insight(), loss=6.4e-12),))
    said = [line_text(line) for line in diagnosis_lines(tiny, 78)]
    assert any("6.4e−12; the best single answer" in line for line in said)
    assert diagnosis_lines(Insights(), 78) != []
