"""The weights as a film over the epochs, which can be scrubbed: W, or W − W₀."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from engine.language import _
from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot
from tui.panes.base import Pane
from tui.widgets.coded import is_said
from tui.widgets.film_bar import FilmBar
from tui.widgets.film_view import FilmView
from tui.widgets.row_scroll import RowScroll

SECONDS = 0.4
"""Between two frames while the film plays."""


class FilmScroll(RowScroll):
    """Scrolls the weights, and turns keys into moves through the film."""

    BINDINGS = [
        Binding("left", "move(-1)", _("Earlier epoch"), id="film.earlier", show=False,
                tooltip=_("Show the weights one frame earlier")),
        Binding("right", "move(1)", _("Later epoch"), id="film.later", show=False,
                tooltip=_("Show the weights one frame later")),
        Binding("home", "move(-1000)", _("First weights"), id="film.first", show=False,
                tooltip=_("Show the weights before the first update")),
        Binding("end", "move(1000)", _("Latest weights"), id="film.last", show=False,
                tooltip=_("Show the latest weights, and follow the training")),
        Binding("space", "play", _("Play"), id="film.play", show=False,
                tooltip=_("Play the film of the weights, or stop it")),
    ]  # fmt: skip

    class Moved(Message):
        """A key asked for another frame."""

        def __init__(self, frames: int) -> None:
            super().__init__()
            self.frames = frames

    class Played(Message):
        """The key that plays and stops was pressed."""

    def __init__(self, view: FilmView) -> None:
        super().__init__(view)
        self._view = view

    def on_resize(self) -> None:
        """Let the images use the room."""
        self._view.fit(self.size.height)

    def action_move(self, frames: int) -> None:
        """Go so many frames on."""
        self.post_message(self.Moved(frames))

    def action_play(self) -> None:
        """Play or stop."""
        self.post_message(self.Played())


class FilmPane(Pane):
    """A bar to scrub, and below it the weights of one epoch."""

    ID = "film"
    KEY = "0"
    TITLE = _("Film")
    TIP = _(
        "The weights after every epoch, as a film; ⟨←|film.earlier⟩ ⟨→|film.later⟩ or the mouse "
        "scrub, ⟨m|training.view⟩: W − W₀"
    )

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self.bar = FilmBar()
        self.view = FilmView()
        self.scrolling = FilmScroll(self.view)
        self.change = False
        """Whether W − W₀ is shown."""
        self._epoch: int | None = None
        """The epoch that was chosen; None follows the training."""
        self._timer: Timer | None = None

    @property
    def label(self) -> str:
        return _("film")

    @property
    def number(self) -> int:
        """The frame that is shown; frames between may have been dropped since it was chosen."""
        film = self.snapshot.film
        if self._epoch is None:
            return max(len(film.frames) - 1, 0)
        return film.near(self._epoch) if film.frames else 0

    @property
    def target(self) -> Widget:
        return self.scrolling

    @property
    def has_views(self) -> bool:
        """There is W, and W − W₀."""
        return bool(self.snapshot.film.frames)

    def next_view(self) -> None:
        """Change between W and W − W₀."""
        self.change = not self.change
        self.draw()

    def compose(self) -> ComposeResult:
        """The bar and the weights."""
        yield self.bar
        yield self.scrolling

    def seen(self, snapshot: Snapshot) -> object:
        """The film, and the names of the classes."""
        return snapshot.film, snapshot.classes, snapshot.run

    def show(self, snapshot: Snapshot, *, log: bool) -> None:
        """Draw another snapshot; a new training is followed again."""
        if (snapshot.run, snapshot.recipe) != (self.snapshot.run, self.snapshot.recipe):
            self._epoch = None
            self._stop()
        super().show(snapshot, log=log)

    def draw(self) -> None:
        """Show the chosen frame."""
        film, number = self.snapshot.film, self.number
        frames = film.frames
        self.bar.display = bool(frames)
        if frames:
            self.bar.show(
                [frame.epoch for frame in frames],
                number,
                change=self.change,
                limits=film.limits(change=self.change),
                images=frames[number].sheets[0].is_images,
            )
        self.view.show(film, number, change=self.change, classes=self.snapshot.classes)

    def go(self, number: int) -> None:
        """Show a frame; the last one follows the training."""
        frames = self.snapshot.film.frames
        if not frames:
            return
        number = min(max(number, 0), len(frames) - 1)
        self._epoch = None if number == len(frames) - 1 else frames[number].epoch
        self.redraw()

    def on_film_scroll_moved(self, event: FilmScroll.Moved) -> None:
        """Go some frames on."""
        event.stop()
        self._tell_empty()
        self._stop()
        self.go(self.number + event.frames)

    def _tell_empty(self) -> bool:
        """Whether there is no film, which is said."""
        if self.snapshot.film.frames:
            return False
        told = _("There is no film yet: a training takes it. ⟨s|training.start⟩: start")
        if self.snapshot.state.is_active:
            told = _("There is no film yet. Its first frames come with the first epoch.")
        if not is_said(self.app, told):
            self.notify(told, markup=False)
        return True

    def on_film_bar_scrubbed(self, event: FilmBar.Scrubbed) -> None:
        """Go to the frame under the mouse."""
        event.stop()
        self._stop()
        self.go(event.number)

    def on_film_scroll_played(self, event: FilmScroll.Played) -> None:
        """Play from here, or from the beginning where this is the end; or stop."""
        event.stop()
        if self._tell_empty():
            return
        if self._timer is not None:
            self._stop()
            return
        if self._epoch is None:
            self.go(0)
        self._timer = self.set_interval(SECONDS, self.play_on)

    def play_on(self) -> None:
        """Show the next frame, and stop after the last one."""
        self.go(self.number + 1)
        if self._epoch is None or not self.is_open:
            self._stop()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None


PANE = FilmPane
