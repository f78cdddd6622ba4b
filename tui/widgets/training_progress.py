"""How far a training is, how fast it goes and how long it will take."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import ProgressBar, Static

from engine.training.snapshot import SessionState, Snapshot
from tui.widgets.numbers import duration, rate, thousands


def progress_text(snapshot: Snapshot) -> str:
    """Epoch, samples a second, the time left and the step, as far as they are known."""
    if not snapshot.total_steps:
        return "not started"
    parts = [f"epoch {min(snapshot.epoch + 1, snapshot.epochs)}/{snapshot.epochs}"]
    if snapshot.samples_per_second > 0:
        parts.append(f"{rate(snapshot.samples_per_second)} samples/s")
    if snapshot.state is SessionState.FINISHED:
        parts.append(f"took {duration(snapshot.seconds)}")
    elif snapshot.seconds_left is not None and snapshot.state.is_active:
        parts.append(f"{duration(snapshot.seconds_left)} left")
    parts.append(f"step {thousands(snapshot.step)}")
    return " · ".join(parts)


class TrainingProgress(Horizontal):
    """A bar and a line of text; each is drawn only when it changes."""

    DEFAULT_CSS = """
    TrainingProgress {
        height: 1;
        width: 1fr;
        ProgressBar { width: auto; }
        Bar { width: 10; }
        & > Static { width: 1fr; margin: 0 0 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._bar = ProgressBar(total=1.0, show_eta=False)
        self._label = Static("not started", markup=False)
        self._text = "not started"

    def compose(self) -> ComposeResult:
        """The bar, and beside it the text."""
        yield self._bar
        yield self._label

    @property
    def text(self) -> str:
        """The line beside the bar."""
        return self._text

    def show(self, snapshot: Snapshot) -> None:
        """Show how far `snapshot` is."""
        self._bar.update(progress=round(snapshot.progress, 3))
        text = progress_text(snapshot)
        if text != self._text:
            self._text = text
            self._label.update(text)
