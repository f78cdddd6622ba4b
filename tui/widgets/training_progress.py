"""The progress of a training, its speed and the time left; before it begins, how to begin."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import ProgressBar, Static

from engine.language import _
from engine.training.snapshot import SessionState, Snapshot
from tui.widgets.numbers import duration, rate, thousands

_NOT_STARTED = _("not started")
_GAP = "   "


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


class _Bar(ProgressBar):
    """A bar that is redrawn only when the share changes."""

    def on_mount(self, event: events.Mount) -> None:  # type: ignore[override]
        """Leave out Textual's timer: it redraws the bar each second, for a time left not shown."""
        event.prevent_default()


class TrainingProgress(Horizontal):
    """A bar and a line of text; each is redrawn only when it changes."""

    DEFAULT_CSS = """
    TrainingProgress {
        height: 1;
        width: 1fr;
        ProgressBar { width: auto; }
        Bar { width: 12; }
        Bar > .bar--bar, Bar > .bar--complete { color: $primary; background: $rule; }
        &.-finished Bar > .bar--bar, &.-finished Bar > .bar--complete { color: $success; }
        &.-failed Bar > .bar--bar { color: $error; }
        &.-paused Bar > .bar--bar, &.-stopped Bar > .bar--bar { color: $warning; }
        &.-idle ProgressBar { display: none; }
        & > Static { width: 1fr; margin: 0 0 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-idle > Static { margin: 0; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes="-idle")
        self._bar = _Bar(total=1.0, show_eta=False)
        self._label = Static(_NOT_STARTED, markup=False)
        self._text = _NOT_STARTED
        self._ways: tuple[tuple[str, str, str], ...] = ()
        self._state = SessionState.IDLE

    def compose(self) -> ComposeResult:
        """The bar and the text beside it."""
        yield self._bar
        yield self._label

    @property
    def text(self) -> str:
        """The line beside the bar."""
        return self._text

    def offer(self, ways: Sequence[tuple[str, str, str]]) -> None:
        """The keys that begin a training, what each does, and its action; the first stands out."""
        if tuple(ways) != self._ways:
            self._ways = tuple(ways)
            if self._state is SessionState.IDLE:
                self._say(self._beginning())

    def show(self, snapshot: Snapshot) -> None:
        """Show the progress of `snapshot`."""
        if snapshot.state is not self._state:
            self._state = snapshot.state
            for state in SessionState:
                self.set_class(state is snapshot.state, f"-{state.value}")
        self._bar.update(progress=round(snapshot.progress, 2))  # as exact as what it shows
        if snapshot.state is SessionState.IDLE:
            self._say(self._beginning())
        else:
            self._say(Content(progress_text(snapshot)))

    def _beginning(self) -> Content:
        """` s Start training   n One update   …`; each takes clicks."""
        if not self._ways:
            return Content(_NOT_STARTED)
        (key, words, _action), *rest = self._ways
        parts = [(f" {key}  {words} ", "bold $background on $primary")]
        for key, words, _action in rest:
            parts += [(_GAP, ""), (key, "bold $text-accent"), (f" {words}", "")]
        return Content.assemble(*parts)

    async def on_click(self, event: events.Click) -> None:
        """Begin the way that was clicked."""
        if self._state is not SessionState.IDLE:
            return
        event.stop()
        x = event.screen_x - self._label.region.x
        end = 0
        for place, (key, words, action) in enumerate(self._ways):
            extra = 4 if place == 0 else len(_GAP) + 1
            start, end = end, end + cell_len(key) + cell_len(words) + extra
            if start + (len(_GAP) if place else 0) <= x < end:
                await self.run_action(f"screen.{action}")
                return

    def _say(self, content: Content) -> None:
        if content.plain != self._text:
            self._text = content.plain
            self._label.update(content, layout=False)  # one row, as wide as there is room
