"""What is wrong with the training, what shows it, and what to try; below, what is watched."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget

from engine.language import _, plural
from engine.naming import Shown
from engine.training.insight import Diagnosis, Insights
from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot, layer_label
from tui.columns import left, widest
from tui.page.lines import Ink, InkLine, wrap
from tui.panes.base import Pane
from tui.widgets.lines_view import LinesView
from tui.widgets.watched_charts import WatchedCharts

ALARM, FINE = "!", "✓"
ROOMY = 140
"""Columns from which on the charts stand beside the words."""


def signs(insights: Insights) -> list[tuple[str, str]]:
    """What is watched, with the numbers of the latest look."""
    latest = insights.latest
    if latest is None:
        return []
    rows = [(_("loss"), _("{loss:.4g}; the best single answer for all samples has {chance:.4g}")
             .format(loss=Shown(latest.loss), chance=Shown(latest.chance)))]  # fmt: skip
    if latest.curvature is not None:
        text = _("{product:.2g}; above {limit:.2g} steps grow (curvature {curvature:.3g})")
        product = latest.rate * latest.curvature
        rows.append(
            (
                _("rate · curvature"),
                text.format(
                    product=Shown(product),
                    limit=Shown(latest.rate_limit),
                    curvature=Shown(latest.curvature),
                ),
            )
        )
    for layer in latest.layers:
        facts = []
        if layer.update_ratio is not None:
            facts.append(_("update ÷ weight {ratio:.1e}").format(ratio=Shown(layer.update_ratio)))
        if layer.units:
            facts.append(_("{dead} of {units} dead").format(dead=layer.dead, units=layer.units))
            facts.append(_("{saturated} saturated").format(saturated=layer.saturated))
        if facts:
            rows.append((layer_label(layer.name), " · ".join(facts)))
    return rows


def found_last(diagnosis: Diagnosis) -> str:
    """That it is told on, though it was not found again."""
    updates = plural("{count} update", "{count} updates", diagnosis.step)
    text = _("Found last after {updates}; the latest diagnosis did not find it.")
    return text.format(updates=updates)


def diagnosis_lines(insights: Insights, width: int) -> list[InkLine]:
    """A paragraph per diagnosis, then what is watched."""
    lines: list[InkLine] = []
    for one in insights.diagnoses:
        lines += wrap([(f"{ALARM} {one.title}", Ink.WARN)], width)
        lines += wrap([(one.text, Ink.PLAIN)], width)
        if insights.is_late(one):
            lines += wrap([(found_last(one), Ink.QUIET)], width)
        lines += wrap([("▸ ", Ink.LESSON_MARK), (one.advice, Ink.STRONG)], width, 0, 2)
        lines.append(())
    latest = insights.latest
    if latest is None:
        return lines or [((_("nothing measured yet"), Ink.QUIET),)]
    if not insights.diagnoses:
        text = _("Nothing looks wrong.")
        lines += [((f"{FINE} {text}", Ink.GOOD),), ()]
    updates = plural("{count} update", "{count} updates", latest.step)
    lines.append(((_("Measured after {updates}:").format(updates=updates), Ink.QUIET),))
    rows = signs(insights)
    column = widest(name for name, _text in rows)
    for name, text in rows:
        first, *rest = wrap([(text, Ink.PLAIN)], max(width - column - 2, 10))
        lines.append(((f"{left(name, column)}  ", Ink.QUIET), *first))
        lines += [((" " * (column + 2), Ink.PLAIN), *line) for line in rest]
    return lines


class DiagnosisView(LinesView):
    """What the tutor finds in a training: each diagnosis with its evidence and its advice."""

    DEFAULT_CSS = """
    DiagnosisView { max-width: 88; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._insights = Insights()

    def set_insights(self, insights: Insights) -> None:
        """Show others."""
        if insights != self._insights:
            self._insights = insights
            self.relay()

    def lines(self, width: int) -> list[InkLine]:
        return diagnosis_lines(self._insights, width)


class DiagnosisPane(Pane):
    """All diagnoses in full; beside them, where there is room, what they rest on as charts."""

    DEFAULT_CSS = """
    DiagnosisPane { layout: horizontal; }
    DiagnosisPane > VerticalScroll { width: 1fr; scrollbar-size-vertical: 1; }
    DiagnosisPane.-charted > VerticalScroll { width: 92; }
    """

    ID = "diagnosis"
    KEY = "9"
    TITLE = _("Diagnosis")
    TIP = _("What is wrong with this training, what shows it, and what to try; arrows scroll")

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self.diagnoses = DiagnosisView()
        self.scrolling = VerticalScroll(self.diagnoses)
        self._charts: WatchedCharts | None = None
        """Made once there is room for it: most terminals never show it."""

    @property
    def label(self) -> str:
        """The name of the pane, marked where something is wrong."""
        mark = ALARM if self.snapshot.insights.diagnoses else ""
        return _("diagnosis") + mark

    @property
    def target(self) -> Widget:
        return self.scrolling

    def compose(self) -> ComposeResult:
        yield self.scrolling

    def seen(self, snapshot: Snapshot) -> object:
        """What was measured, the diagnoses, and how many epochs there will be."""
        return snapshot.insights, snapshot.measured[-1:], snapshot.epochs

    def draw(self) -> None:
        """Show the diagnoses, and what was measured."""
        insights = self.snapshot.insights
        self.diagnoses.set_insights(insights)
        has_charts = self.size.width >= ROOMY and bool(insights.measured)
        self.set_class(has_charts, "-charted")
        if self._charts is None and has_charts:
            self._charts = WatchedCharts()
            self.mount(self._charts)
        if self._charts is not None:
            self._charts.display = has_charts
            if has_charts:
                self._charts.show(self.snapshot)

    def on_resize(self) -> None:
        """Make room for the charts, or for the words alone."""
        self.redraw()


PANE = DiagnosisPane
