"""The progress of a training, its speed and the time left."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import ProgressBar, Static

from engine.language import _
from engine.training.snapshot import SessionState, Snapshot
from tui.widgets.numbers import duration, rate, thousands

_NOT_STARTED = _("not started")


def progress_text(snapshot: Snapshot) -> str:
    """Epoch, samples per second, time left and step, as far as known."""
    if not snapshot.total_steps:
        return _NOT_STARTED
    current = min(snapshot.epoch + 1, snapshot.epochs)
    parts = [_("epoch {epoch}/{epochs}").format(epoch=current, epochs=snapshot.epochs)]
    if snapshot.samples_per_second > 0:
        parts.append(_("{rate} samples/s").format(rate=rate(snapshot.samples_per_second)))
    if snapshot.state is SessionState.FINISHED:
        parts.append(_("took {time}").format(time=duration(snapshot.seconds)))
    elif snapshot.seconds_left is not None and snapshot.state.is_active:
        parts.append(_("{time} left").format(time=duration(snapshot.seconds_left)))
    parts.append(_("step {step}").format(step=thousands(snapshot.step)))
    return " · ".join(parts)


class TrainingProgress(Horizontal):
    """A bar and a line of text; each is redrawn only when it changes."""

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
        self._label = Static(_NOT_STARTED, markup=False)
        self._text = _NOT_STARTED

    def compose(self) -> ComposeResult:
        """The bar and the text beside it."""
        yield self._bar
        yield self._label

    @property
    def text(self) -> str:
        """The line beside the bar."""
        return self._text

    def show(self, snapshot: Snapshot) -> None:
        """Show the progress of `snapshot`."""
        self._bar.update(progress=round(snapshot.progress, 3))
        text = progress_text(snapshot)
        if text != self._text:
            self._text = text
            self._label.update(text)
