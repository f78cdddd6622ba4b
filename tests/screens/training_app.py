"""The training screen of a recipe with a session that is stepped by hand."""

from __future__ import annotations

from textual.widgets import Static

from engine.training.snapshot import Snapshot
from tests.screens.fake_session import HostApp
from tui.screens.training import TrainingScreen

NARROW, WIDE = (80, 24), (120, 40)


def softmax_app(snapshot: Snapshot | None = None, theme: str = "dltutor-dark") -> HostApp:
    app = HostApp(TrainingScreen("softmax"), theme=theme)
    if snapshot is not None:
        app.fake.publish(snapshot)
    return app


def screen_of(app: HostApp) -> TrainingScreen:
    assert isinstance(app.screen, TrainingScreen)
    return app.screen


def words(app: HostApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).content)


def shown_panes(app: HostApp) -> list[str | None]:
    return [pane.id for pane in app.screen.query("#panes > .pane") if pane.display]
