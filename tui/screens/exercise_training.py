"""A recipe trains with the learner's function beside ours."""

from __future__ import annotations

import threading

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll

from engine.language import _
from engine.training.turns import AlwaysFree, Turn
from lessons.exercises.exercise import Exercise
from lessons.exercises.files import path_of
from lessons.exercises.training import Course, train, use_of
from tui.background import in_background
from tui.owner import new_turn
from tui.page.exercise_training import course_lines
from tui.page.lines import InkLine
from tui.screens.reading_screen import ScrollingScreen, scroll_keys
from tui.widgets.clickable import clickable
from tui.widgets.lines_view import LinesView

LOOK_SECONDS = 0.25


class CourseView(LinesView):
    """The losses side by side."""

    def __init__(self, course: Course) -> None:
        super().__init__()
        self.course = course

    def show(self, course: Course) -> None:
        """Show how far it is."""
        if course != self.course:
            self.course = course
            self.relay()

    def lines(self, width: int) -> list[InkLine]:
        """The training so far."""
        return course_lines(self.course, width)


class ExerciseTrainingScreen(ScrollingScreen):
    """Begins at once; leaving it ends the training."""

    BINDINGS = [
        Binding("escape,q,enter", "close", _("Close"), id="exercise-training.close",
                tooltip=_("End the training, and go back")),
        *scroll_keys("exercise-training"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    ExerciseTrainingScreen { align: center middle; }
    ExerciseTrainingScreen > VerticalScroll {
        width: 90%; max-width: 84; height: auto; max-height: 95%;
        border: round $primary; background: $surface; padding: 1 2;
        border-subtitle-color: $foreground-muted;
    }
    """

    def __init__(self, exercise: Exercise) -> None:
        """Raises UserError where no recipe uses the function."""
        super().__init__()
        self.exercise = exercise
        self._latest = Course(exercise.name, use_of(exercise).recipe)
        self._stop = threading.Event()
        self._turn: Turn = AlwaysFree()

    def compose(self) -> ComposeResult:
        """The training in a pane."""
        with VerticalScroll(can_focus=False) as pane:
            pane.border_title = _("Train with yours")
            pane.border_subtitle = clickable(
                [("⟨esc|exercise-training.close⟩", _("close"), "screen.close")]
            )
            yield CourseView(self._latest)

    def on_mount(self) -> None:
        self._turn = new_turn(self)
        in_background(self, self._train, self._over, self._failed)
        if getattr(self.app, "refresh_rate", 0) > 0.01:
            self.set_interval(LOOK_SECONDS, self.look)

    def _train(self) -> Course:
        return train(
            self.exercise, path_of(self.exercise), heard=self._heard, stop=self._stop,
            data_dir=getattr(self.app, "data_dir", None), turn=self._turn,
        )  # fmt: skip

    def _heard(self, course: Course) -> None:
        self._latest = course  # on the thread of the work; the timer takes it over

    def look(self) -> None:
        """Show how far the training is."""
        self.query_one(CourseView).show(self._latest)

    def _over(self, course: Course) -> None:
        self._latest = course
        self.look()

    def _failed(self, error: Exception) -> None:
        self.notify(str(error), severity="error", markup=False)

    def on_unmount(self) -> None:
        """Whoever leaves ends the process."""
        self._stop.set()

    def action_close(self) -> None:
        """Go back."""
        self.app.pop_screen()
