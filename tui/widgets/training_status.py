"""One row on every screen that says how the training is going."""

from __future__ import annotations

from textual.widgets import Static

from engine.training.snapshot import SessionState, Snapshot
from tui.owner import training_owner
from tui.widgets.numbers import NO_BREAK_SPACE, measured, thousands

STATE_SIGNS = {
    SessionState.IDLE: "○",
    SessionState.LOADING: "…",
    SessionState.RUNNING: "●",
    SessionState.PAUSED: "‖",
    SessionState.FINISHED: "✓",
    SessionState.STOPPED: "■",
    SessionState.FAILED: "✗",
}
"""A sign for each state; the word always stands beside it."""

LINGER_SECONDS = 10.0
"""How long the row stays after a training ended."""


def facts(snapshot: Snapshot) -> str:
    """Device and data set in one line; what the program made itself is called synthetic."""
    if not snapshot.device:
        return "device and data are found at the start"
    data = snapshot.dataset
    if snapshot.synthetic and "synthetic" not in data.lower():
        data += " (synthetic)"
    counts = f"{thousands(snapshot.train_samples)} samples to train on"
    if snapshot.test_samples:
        counts += f", {thousands(snapshot.test_samples)} to test"
    return f"device {snapshot.device} · data {data} · {counts}"


def status_text(snapshot: Snapshot) -> str:
    """The row for `snapshot`; empty where there never was a training."""
    if snapshot.state is SessionState.IDLE:
        return ""
    # The state comes first: a narrow row is cut at its end.
    parts = [
        f"{STATE_SIGNS[snapshot.state]} training {snapshot.recipe}",
        snapshot.state.value,
    ]
    if snapshot.synthetic:
        parts.append("synthetic data")
    if snapshot.epochs and snapshot.total_steps:
        current = min(snapshot.epoch + 1, snapshot.epochs)
        parts.append(f"epoch {current}/{snapshot.epochs}")
    if snapshot.losses.values:
        parts.append(f"loss {measured(snapshot.losses.values[-1])}")
    if snapshot.total_steps:
        parts.append(f"{snapshot.progress * 100:.0f}{NO_BREAK_SPACE}%")
    return " · ".join(parts)


class TrainingStatus(Static):
    """Hidden while nothing is trained; looks at the training on a timer."""

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
        """The row as it stands, empty while it is hidden."""
        return self._text

    def on_mount(self) -> None:
        """Begin to look at the training."""
        rate = training_owner(self).refresh_rate
        if rate > 0:
            self.set_interval(1 / rate, self.refresh_status)
        self.refresh_status()

    def refresh_status(self) -> None:
        """Show the latest snapshot; nothing is drawn where the row stays the same."""
        owner = training_owner(self)
        # Not is_current: Textual counts the screen below as current, and repaints all for it.
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
