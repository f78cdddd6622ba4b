"""Kept runs on the training screen, for the tests that compare, race and export them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.recipes.catalog import find_recipe
from engine.training.runs import KeptRun, kept_run
from engine.training.snapshot import SessionState, Setting
from tests.screens.fake_session import HostApp, softmax_running
from tui.panes.runs import RunsPane
from tui.screens.training import TrainingScreen

NARROW, WIDE = (80, 24), (120, 40)
BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)
SOFTMAX, LINEAR = find_recipe("softmax"), find_recipe("linear")


def run_with(number: int, epochs: int = 10, **settings: Setting) -> KeptRun:
    """A softmax run that was stopped after `epochs` of 10."""
    seen = softmax_running(epochs)
    state = SessionState.FINISHED if epochs == 10 else SessionState.STOPPED
    snapshot = replace(seen, state=state, step=235 * epochs, settings={**seen.settings, **settings})
    return kept_run(snapshot, BEGIN + timedelta(minutes=number))


def app_with(*runs: KeptRun, theme: str = "dltutor-dark") -> HostApp:
    app = HostApp(TrainingScreen("softmax"), theme=theme)
    for run in runs:
        app.runs.add(run)
    return app


def listed(app: HostApp) -> list[str]:
    screen = app.screen
    assert isinstance(screen, TrainingScreen)
    runs = screen.panes.of(RunsPane).list
    return [str(runs.get_option_at_index(i).prompt) for i in range(runs.option_count)]


def drawn(app: HostApp) -> list[tuple[str, str]]:
    """Name and sign of every series."""
    screen = app.screen
    assert isinstance(screen, TrainingScreen)
    return [(one.name, one.marker) for one in screen.panes.of(RunsPane).chart.drawing.series]
