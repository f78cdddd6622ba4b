"""Compares runs of one recipe: a chart of the shown runs, and a list of all kept runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from engine.language import _, plural
from engine.training.recipe import Recipe
from engine.training.runs import KeptRun, seed_groups
from engine.training.snapshot import Snapshot
from engine.training.underway import in_use, is_running
from tui.background import in_background
from tui.columns import left, widest
from tui.owner import training_owner
from tui.panes.base import Pane
from tui.widgets.chart import Chart
from tui.widgets.marks import mark
from tui.widgets.numbers import duration, measured
from tui.widgets.row import is_legible
from tui.widgets.run_chart import (
    STEP_LOSS,
    Measure,
    classifies,
    holds_out,
    is_kept,
    labels,
    measures,
    run_series,
)
from tui.widgets.run_marks import RunMarks, name_of
from tui.widgets.series import round_up

NOTHING = _("No runs of this recipe yet. A run is kept as soon as its training ends.")
HIDDEN = "·"
_ON_SELECTION = "bright_white"
_LONGEST = 6
"""Rows of the list at most."""
_LEAST_CHART = 7
"""Rows that the chart keeps where there is a sentence below the list."""


def told_damaged(names: Sequence[str], width: int, *, some_moved: bool = False) -> str:
    """That these cannot be read, and what to do, in one line of `width` cells; empty if it is
    longer. Of those that were only moved, the list of runs says where they belong.
    """
    if not names:
        return ""
    listed = " ".join(names)
    longest = _("Cannot be read: {runs}. `dltutor runs rm {names}` removes the files.")
    count = len(names)
    shorter = plural(
        "{count} run cannot be read: see `dltutor runs list`.",
        "{count} runs cannot be read: see `dltutor runs list`.",
        count,
    )
    whole = longest.format(runs=", ".join(names), names=listed)
    ways = (shorter,) if some_moved else (whole, shorter)
    return next((told for told in ways if cell_len(told) <= width), "")


def in_training(run: str, now: Snapshot) -> str:
    """Why `run` cannot be removed: it is trained, as `now` shows, or elsewhere; else empty."""
    if now.run == run and now.state.is_active:
        return _("{run} is being trained. Stop it before you remove it.").format(run=run)
    return str(in_use(run)) if is_running(run) else ""


def legible(segment: Segment, row: Style) -> Segment:
    """The segment; where it cannot be told from its ground, in the colour of the selected `row`.

    Selections whose colours are those of the terminal, and not known, have white text.
    """
    style = segment.style
    if style is None or style.color is None or style.bgcolor is None:
        return segment
    if style.bgcolor.triplet is None and not style.bgcolor.is_default:
        return Segment(segment.text, style + Style(color=_ON_SELECTION), segment.control)
    if is_legible(style.color, style.bgcolor):
        return segment
    return Segment(segment.text, style + Style(color=row.color), segment.control)


class RunList(OptionList):
    """All kept runs; the highlighted one can be shown, hidden or removed."""

    BINDINGS = [
        Binding("space", "select", _("Show/hide"), id="runs.toggle", show=False,
                tooltip=_("Show the run in the chart, or hide it")),
        Binding("d", "ask_removal", _("Remove"), id="runs.remove", show=False,
                tooltip=_("Remove the run permanently; asks first")),
    ]  # fmt: skip

    class RemovalAsked(Message):
        """The learner asks to remove the highlighted run."""

    def render_line(self, y: int) -> Strip:
        """A row; on a selection, its mark and its facts can be read, too."""
        strip = super().render_line(y)
        row = self.get_component_rich_style("option-list--option-highlighted")
        return Strip([legible(segment, row) for segment in strip], strip.cell_length)

    def action_ask_removal(self) -> None:
        """Ask to remove the highlighted run."""
        self.post_message(self.RemovalAsked())


class RunsPane(Pane):
    """The chart above the list; `m` changes the measure."""

    ID = "runs"
    KEY = "6"
    TITLE = _("Runs")
    TIP = _(
        "Compare saved runs: ⟨space|runs.toggle⟩ shows or hides a run, ⟨d|runs.remove⟩ removes it"
    )

    DEFAULT_CSS = """
    RunsPane {
        Chart { height: 1fr; min-height: 6; }
        RunList {
            height: auto;
            max-height: 6;
            border: none;
            padding: 0;
            background: $background;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        RunList:focus { border: none; }
        #damaged-runs { height: 1; color: $text-muted; }
        RunList > .option-list--option-highlighted { text-style: none; }
    }
    """

    class RemovalAsked(Message):
        """The learner asks to remove `run`."""

        def __init__(self, run: KeptRun, name: str) -> None:
            super().__init__()
            self.run = run
            text = _("Remove the run “{name}”? Its measurements and its checkpoint will be lost.")
            self.question = text.format(name=name)

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self.chart = Chart(_("runs"), _("epoch"), "")
        self.list = RunList(compact=True)
        self.damaged = Static(id="damaged-runs", markup=False)
        self.damaged.display = False
        self._damaged: list[str] = []
        self._some_moved = False
        self._runs: tuple[KeptRun, ...] = ()
        self._listed: list[tuple[object, ...]] = []
        self._measure: Measure | None = None

    @property
    def label(self) -> str:
        return _("runs")

    @property
    def target(self) -> Widget:
        return self.list

    @property
    def has_views(self) -> bool:
        """There is always another measure."""
        return True

    def compose(self) -> ComposeResult:
        """Chart and list."""
        yield self.chart
        yield self.list
        yield self.damaged

    def opened(self) -> None:
        """Look which runs there are now."""
        self._compare()
        recipe, owner = self.recipe.name, training_owner(self)
        store, trained = owner.runs, owner.session.snapshot.run
        recorded = {run.run for run in store.of(recipe)}

        def look() -> tuple[list[KeptRun], list[str], bool]:
            # Imported late: it takes torch.
            from engine.training.archive import entries, interrupted, unreadable_runs
            from engine.training.unreadable import moved

            left_over = interrupted(recipe, recorded, but=trained)
            damaged = unreadable_runs([recipe], entries([recipe]))
            return left_over, damaged, any(map(moved, damaged))

        def found(of_files: tuple[list[KeptRun], list[str], bool]) -> None:
            """Keep what runs left that were killed, as if they had ended; name damaged ones."""
            runs, self._damaged, self._some_moved = of_files
            # Not what the pane shows: the display may be frozen while the next run is trained.
            there = {run.run for run in store.of(recipe)} | {owner.session.snapshot.run}
            for run in runs:
                if run.run not in there:
                    store.add(run)
            self._compare()

        in_background(self, look, found, lambda _error: None)

    def _tell_damaged(self) -> None:
        """Say in one line which runs cannot be read, where chart and list have room above it."""
        told = told_damaged(self._damaged, self.app.size.width - 4, some_moved=self._some_moved)
        self.damaged.update(told)
        left = self.size.height - min(_LONGEST, self.list.option_count) - 1
        self.damaged.display = bool(told) and left >= _LEAST_CHART

    def on_resize(self) -> None:
        """The line is there where it has room."""
        self._tell_damaged()

    @property
    def has_scale(self) -> bool:
        """Whether losses are compared."""
        return self._measured(self.snapshot, training_owner(self).runs.of(self.recipe.name)).is_loss

    def draw(self) -> None:
        """Compare, unless nobody sees it."""
        if self.is_open:
            self._compare()

    def next_view(self) -> None:
        """Compare by the next measure."""
        runs = training_owner(self).runs.of(self.recipe.name)
        known = self._measures(self.snapshot, runs)
        at = known.index(self._measured(self.snapshot, runs))
        self._measure = known[(at + 1) % len(known)]
        self._compare()

    def _compare(self) -> None:
        """Draw the shown runs of the store, and the present training."""
        now, store = self.snapshot, training_owner(self).runs
        runs, shown = store.of(self.recipe.name), store.shown(self.recipe.name)
        measure = self._measured(now, runs)
        series = run_series(self.recipe, now, shown, measure, RunMarks.of(store))
        last = max((one.xs[-1] for one in series), default=0.0)
        hint = (
            _(
                "⟨m|training.view⟩: next measure  ↑ ↓ ⟨space|runs.toggle⟩: show or hide  "
                "⟨d|runs.remove⟩: remove"
            )
            if runs
            else ""
        )
        self.chart.set_x_label(_("step") if measure is STEP_LOSS else _("epoch"))
        title = measure.name
        if any(len(group) > 1 for group in seed_groups(shown)):
            title = _("{measure}, mean and min–max over seeds").format(measure=title)
        self.chart.set_title(title, signs=False, hint=hint)
        limits = (0.0, round_up(last)) if last else None
        swapped = self.log_scale if measure.is_loss else None
        self.chart.set_series(series, swapped=swapped, x_limits=limits)
        self._list(now, runs, shown)
        self._tell_damaged()

    def _measures(self, now: Snapshot, runs: tuple[KeptRun, ...]) -> tuple[Measure, ...]:
        measured_rows = [now.measured, *(run.measured for run in runs)]
        return measures(any(map(classifies, measured_rows)), any(map(holds_out, measured_rows)))

    def _measured(self, now: Snapshot, runs: tuple[KeptRun, ...]) -> Measure:
        known = self._measures(now, runs)
        return self._measure if self._measure in known else known[0]

    def _list(self, now: Snapshot, runs: tuple[KeptRun, ...], shown: tuple[KeptRun, ...]) -> None:
        names = labels(self.recipe, runs, shown)
        groups = seed_groups(shown)
        marks = RunMarks.of(training_owner(self).runs)
        numbers = marks.numbers(groups)
        at = {
            name_of(run): number
            for number, group in zip(numbers, groups, strict=True)
            for run in group
        }
        under_way = bool(now.step) and not is_kept(now, shown)
        mark_of_now = marks.number_of_now(now, groups, numbers) if under_way else None
        rows: list[tuple[object, ...]] = [
            (run.ended, name, at.get(name_of(run))) for run, name in zip(runs, names, strict=True)
        ]
        rows.append((mark_of_now,))
        if rows == self._listed:
            return
        self._runs, self._listed = runs, rows
        # A hidden list has no size yet; the borders of the pane take two columns.
        width = self.list.scrollable_content_region.width or self.app.size.width - 2
        chosen = self.list.highlighted
        self.list.clear_options()
        if not runs:
            self.list.add_option(Option(NOTHING, disabled=True))
            return
        column = widest(names)
        for run, name in zip(runs, names, strict=True):
            row = _row(run, name, at.get(name_of(run)), width, column)
            self.list.add_option(Option(row))
        if mark_of_now is not None:
            sign, role = mark(mark_of_now)
            label = _("now: the current training")
            now_row = Content.assemble((sign, f"$series-{role}"), f" {label}")
            self.list.add_option(Option(now_row, disabled=True))
        self.list.highlighted = min(chosen or 0, len(runs) - 1)

    def on_run_list_removal_asked(self, event: RunList.RemovalAsked) -> None:
        """Add which run is meant, unless it is being trained."""
        event.stop()
        index = self.list.highlighted
        if index is not None and index < len(self._runs):
            run = self._runs[index]
            owner = training_owner(self)
            if refused := in_training(run.run, owner.session.snapshot):
                owner.notify(refused, severity="warning", markup=False)
                return
            (name,) = labels(self.recipe, [run], self._runs)
            self.post_message(self.RemovalAsked(run, name))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Show a kept run in the chart, or hide it."""
        event.stop()
        store = training_owner(self).runs
        if event.option_index < len(self._runs):
            run = self._runs[event.option_index]
            hide = run in store.shown(run.recipe)
            (store.hide if hide else store.show)(run)
            self._compare()


def _row(run: KeptRun, name: str, at: int | None, width: int, column: int) -> Content:
    """Marker, name and results: `● lr 0.5 · relu  10 epochs · test acc 0.8412 · …`.

    The facts begin below each other, behind a name of `column` cells, unless one is lost by it.
    Facts that do not fit into `width` cells are left out whole, the last ones first.
    """
    sign, style = (
        (HIDDEN, "$foreground-muted") if at is None else (mark(at)[0], f"$series-{mark(at)[1]}")
    )
    facts = [plural("{count} epoch", "{count} epochs", run.epoch)]
    if run.state == "interrupted" and not run.step:
        facts = [_("nothing saved")]
    if run.measured:
        last = run.measured[-1]
        if last.test_accuracy is not None:
            facts.append(_("test acc {value}").format(value=measured(last.test_accuracy)))
        else:
            facts.append(_("train loss {value}").format(value=measured(last.train_loss)))
            facts.append(_("test loss {value}").format(value=measured(last.test_loss)))
    facts += [duration(run.seconds), run.device]
    ended = datetime.fromisoformat(run.ended).astimezone()
    facts.append(_("{moment:%d %b %H:%M}").format(moment=ended))
    padded = left(name, column)
    if cell_len(f"{sign} {padded}  {' · '.join(facts)}") <= width:
        name = padded
    while len(facts) > 1 and cell_len(f"{sign} {name}  {' · '.join(facts)}") > width:
        facts.pop()
    return Content.assemble((sign, style), f" {name}  ", (" · ".join(facts), "$foreground-muted"))


PANE = RunsPane
