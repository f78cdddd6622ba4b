"""One row on every screen that shows the state of the training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.widgets import Static

from engine.language import _
from engine.training.state import SessionState
from tui.columns import at_dots
from tui.owner import training_owner
from tui.widgets.numbers import NO_BREAK_SPACE, measured, thousands

if TYPE_CHECKING:
    from engine.training.snapshot import Snapshot

STATE_SIGNS = {
    SessionState.IDLE: "○",
    SessionState.LOADING: "…",
    SessionState.RUNNING: "●",
    SessionState.PAUSED: "‖",
    SessionState.FINISHED: "✓",
    SessionState.STOPPED: "■",
    SessionState.FAILED: "✗",
}
"""A sign for each state; its name always stands beside it."""

STATE_NAMES: Mapping[str, str] = {
    SessionState.IDLE: _("idle"),
    SessionState.LOADING: _("loading"),
    SessionState.RUNNING: _("running"),
    SessionState.PAUSED: _("paused"),
    SessionState.FINISHED: _("finished"),
    SessionState.STOPPED: _("stopped"),
    SessionState.FAILED: _("failed"),
}
"""What each state is called on the screen."""

LINGER_SECONDS = 10.0
"""How long the row stays visible after a training has ended."""


def facts(snapshot: Snapshot, width: int) -> str:
    """Device, data set and numbers of samples; generated data is called synthetic.

    What `width` cells have no room for is said shorter, and else broken between two of the facts.
    """
    if not snapshot.device:
        return _("device and data are set when training starts")
    data = snapshot.dataset
    if snapshot.synthetic and "synthetic" not in data.lower():
        data = _("{data} (synthetic)").format(data=data)
    long, short = _("{train} training samples"), _("{train} training samples")
    if snapshot.test_samples:
        long = _("{train} training and {test} test samples")
        short = _("{train} training, {test} test samples")
    if snapshot.validation_samples:
        long = _("{train} training, {held} validation and {test} test samples")
        short = _("{train} training, {held} validation, {test} test")
    counts = {
        "train": thousands(snapshot.train_samples),
        "held": thousands(snapshot.validation_samples),
        "test": thousands(snapshot.test_samples),
    }
    ways = [
        [
            _("device {device}").format(device=snapshot.device),
            _("data {data}").format(data=data),
            long.format(**counts),
        ],
        [snapshot.device, data, short.format(**counts)],
    ]
    lines = [" · ".join(parts) for parts in ways]
    fitting = next((line for line in lines if cell_len(line) <= width), None)
    if fitting is not None:
        return fitting
    broken = [at_dots(line, width) for line in lines]
    return next((text for text in broken if text.count("\n") < 2), lines[-1])


def status_text(snapshot: Snapshot) -> str:
    """The row for `snapshot`; empty if there has been no training."""
    if snapshot.state is SessionState.IDLE:
        return ""
    # The state comes first, because a narrow row is cut at its end.
    parts = [
        _("{sign} training {recipe}").format(
            sign=STATE_SIGNS[snapshot.state], recipe=snapshot.recipe
        ),
        STATE_NAMES[snapshot.state],
    ]
    if snapshot.synthetic:
        parts.append(_("synthetic data"))
    if snapshot.epochs and snapshot.total_steps:
        current = min(snapshot.epoch + 1, snapshot.epochs)
        parts.append(_("epoch {epoch}/{epochs}").format(epoch=current, epochs=snapshot.epochs))
    if snapshot.losses.values:
        parts.append(_("loss {value}").format(value=measured(snapshot.losses.values[-1])))
    if snapshot.total_steps:
        parts.append(f"{snapshot.progress * 100:.0f}{NO_BREAK_SPACE}%")
    return " · ".join(parts)


class TrainingStatus(Static):
    """Hidden while there is no training; checks the training on a timer."""

    DEFAULT_CSS = """
    TrainingStatus {
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $text;
        display: none;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", id=id, markup=False)
        self._text = ""
        self._ended_looks = 0

    @property
    def text(self) -> str:
        """The current text, empty while the row is hidden."""
        return self._text

    def on_mount(self) -> None:
        """Start to check the training."""
        rate = training_owner(self).refresh_rate
        if rate > 0:
            self.set_interval(1 / rate, self.refresh_status)
        self.refresh_status()

    def refresh_status(self) -> None:
        """Show the latest snapshot; redraw only if the text has changed."""
        owner = training_owner(self)
        # Not is_current: that is true of the screen below, too, and would repaint all of it.
        if not owner.has_session or not self.screen.is_active:
            return
        snapshot = owner.session.snapshot
        text = status_text(snapshot)
        if snapshot.state.is_active or snapshot.state is SessionState.FAILED:
            self._ended_looks = 0
        else:
            self._ended_looks += 1
            if self._ended_looks > LINGER_SECONDS * owner.refresh_rate:
                text = ""
        if text != self._text:
            self._text = text
            self.display = bool(text)
            self.update(text)
