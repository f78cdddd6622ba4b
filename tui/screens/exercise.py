"""Write a function of the course yourself: the task, your file, and what the tests say."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
from pathlib import Path

from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Static, TextArea

from engine.folders import short
from engine.language import _
from engine.refusals import reason
from lessons.exercises import files
from lessons.exercises.checking import Report
from lessons.exercises.exercise import Exercise
from lessons.exercises.process import run
from lessons.exercises.training import USES
from tui.background import in_background, is_there
from tui.page.exercise import prompt
from tui.page.lines import InkLine, at_ends
from tui.screens.confirm import ConfirmScreen
from tui.screens.exercise_file import ExerciseFile
from tui.widgets.exercise_report import ExerciseReport
from tui.widgets.key_bar import KeyBar
from tui.widgets.lines_view import LinesView
from tui.widgets.python_editor import PythonEditor
from tui.widgets.train_row import TrainRow

WATCH_SECONDS = 1.0


class Task(LinesView):
    """The text of the exercise."""

    DEFAULT_CSS = """
    Task { max-width: 88; }
    """

    def __init__(self, exercise: Exercise) -> None:
        super().__init__()
        self.exercise = exercise

    def lines(self, width: int) -> list[InkLine]:
        return prompt(self.exercise, width, titled=False)


class Editor(PythonEditor):
    """The editor of the learner's file; escape leaves it."""

    BINDINGS = [
        # Prior to the text area, which only moves the focus on, and that may come back to it.
        Binding("escape", "screen.leave", _("Leave editor"), id="exercise.leave", priority=True,
                tooltip=_("Leave the editor; the other keys work again")),
    ]  # fmt: skip


class ExerciseScreen(Screen[None]):
    """The task at the left, the editor at the right, the tests below."""

    AUTO_FOCUS = ""  # whoever has left the editor comes back from another screen to the keys
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    BINDINGS = [
        Binding("ctrl+s", "check", _("Save and test"), id="exercise.check", priority=True,
                tooltip=_("Save your file and run the tests")),
        Binding("ctrl+t", "hint", _("Hint"), id="exercise.hint", priority=True,
                tooltip=_("Show the next hint")),
        Binding("ctrl+o", "external", _("$EDITOR"), id="exercise.external", show=False,
                tooltip=_("Open your file in the editor that $VISUAL or $EDITOR names")),
        Binding("ctrl+r", "task", _("Task"), id="exercise.task", show=False, priority=True,
                tooltip=_("Show the task again where the report has taken its place")),
        Binding("i,enter", "edit", _("Edit"), id="exercise.edit", tooltip=_("Go to the editor")),
        Binding("m", "train", _("Train with yours"), id="exercise.train", show=False,
                tooltip=_("Train a recipe with your function in place of ours, beside ours")),
        Binding("d", "diff", _("Solution"), id="exercise.diff",
                tooltip=_("Show your file beside the solution")),
        Binding("q,escape", "close", _("Back"), id="exercise.close",
                tooltip=_("Save your file and go back")),
        Binding("r", "reset", _("Reset"), id="exercise.reset", show=False,
                tooltip=_("Put your file aside and begin again")),
        Binding("j,down", "scroll(1)", _("Scroll"), id="exercise.down", show=False,
                tooltip=_("Scroll the report down")),
        Binding("k,up", "scroll(-1)", _("Scroll up"), id="exercise.up", show=False,
                tooltip=_("Scroll the report up")),
        Binding("pagedown", "page(1)", _("Page down"), id="exercise.page_down", show=False,
                tooltip=_("Scroll the report a page down")),
        Binding("pageup", "page(-1)", _("Page up"), id="exercise.page_up", show=False,
                tooltip=_("Scroll the report a page up")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    ExerciseScreen #place { height: 1; background: $panel; text-style: bold; }
    ExerciseScreen #task-pane { padding: 0 2; height: auto; max-height: 9; }
    ExerciseScreen.-tested #task-pane { display: none; }
    ExerciseScreen.-wide #task-pane { padding: 1 2; display: block; }
    ExerciseScreen Editor { border: round $rule; height: 1fr; }
    ExerciseScreen Editor:focus { border: round $primary; }
    ExerciseScreen #report-pane { height: auto; max-height: 9; padding: 0 1; margin: 1 0 0 0; }
    ExerciseScreen.-wide #report-pane { margin: 0; }
    ExerciseScreen.-wide #sides { layout: horizontal; }
    ExerciseScreen.-wide #left { width: 1fr; }
    ExerciseScreen.-wide Editor { width: 60%; max-width: 100; }
    ExerciseScreen.-wide #task-pane, ExerciseScreen.-wide #report-pane { max-height: 60%; }
    ExerciseScreen #left { height: auto; }
    ExerciseScreen.-wide #left { height: 1fr; }
    """

    def __init__(self, exercise: Exercise) -> None:
        super().__init__()
        self.exercise = exercise
        self.file = ExerciseFile(exercise, self._tell_kept_aside)
        self._is_testing = self._is_asked_again = False
        self._tested = self.file.stamp()
        """How the file stood that was tested last."""
        self._editor = Editor.code_editor(self.file.text, language=None, theme="css", id="editor")
        self._editor.read_only = self.file.is_foreign

    def compose(self) -> ComposeResult:
        """Place, task and report, editor, keys."""
        yield Static("", id="place", markup=False)
        with Vertical(id="sides"):
            with Vertical(id="left"):
                with VerticalScroll(id="task-pane", can_focus=False):
                    yield Task(self.exercise)
                with VerticalScroll(id="report-pane", can_focus=False):
                    yield TrainRow(self.exercise)
                    yield ExerciseReport()
            yield self._editor
        yield KeyBar()

    @property
    def editor(self) -> TextArea:
        """The learner's file."""
        return self._editor

    @property
    def report(self) -> ExerciseReport:
        """What the tests say."""
        return self.query_one(ExerciseReport)

    def on_mount(self) -> None:
        """Say how to begin, and watch the file for another editor."""
        self.editor.focus()
        told = _(
            "⟨ctrl+s|exercise.check⟩ saves your file and runs the tests. It is yours and "
            "stays: `{path}`"
        )
        self.report.show(None, told.format(path=short(self.file.path)))
        if self.file.is_foreign:
            told = _("Your file is not UTF-8, so it can only be shown here, not changed.")
            self.notify(told, severity="warning", markup=False)
        if getattr(self.app, "refresh_rate", 0) > 0.01:
            self.set_interval(WATCH_SECONDS, self.look)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the editor there is no need to go to it; only what a recipe uses can train."""
        if action == "train":
            return self.exercise.name in USES
        return not (action == "edit" and self.editor.has_focus)

    def on_resize(self) -> None:
        """The place line depends on the width."""
        left = " " + _("Exercise: {title}").format(title=self.exercise.text.title)
        done = "✓ " if self.exercise.name in files.passed() else ""
        line = at_ends(left, f"{done}{self.exercise.name} ", self.size.width)
        self.query_one("#place", Static).update(line)

    def look(self) -> None:
        """Take over and test what another editor has saved; text not saved here is kept aside."""
        if not self.file.has_changed:
            return
        try:
            if self._is_changed:
                self.file.keep_aside(self.editor.text)
            self._load()
        except OSError as error:
            self._tell_unreadable(error)
            return
        self._test()

    def _tell_unreadable(self, error: OSError) -> None:
        told = _("Your file {path} cannot be read: {reason}.")
        told = told.format(path=self.file.path, reason=reason(error))
        self.notify(told, severity="error", markup=False)

    @property
    def _is_changed(self) -> bool:
        return self.editor.text != self.file.text and not self.editor.read_only

    def _load(self) -> None:
        """Show the file as it is now. Raises OSError."""
        self.editor.load_text(self.file.read())
        self.file.text = self.editor.text
        self.editor.read_only = self.file.is_foreign

    def _tell_kept_aside(self, beside: Path) -> None:
        told = _("The file was changed in two places. The other version: {path}")
        self.notify(told.format(path=short(beside)), severity="warning", markup=False)

    def save(self) -> bool:
        """Save the file if it was changed here; False where that fails, which is said.

        What another editor has saved in the meantime is kept aside.
        """
        if not self._is_changed and self.file.path.exists():
            return True
        try:
            self.file.save(self.editor.text)
        except (OSError, UnicodeEncodeError) as error:
            told = _("Your file {path} cannot be saved: {reason}.")
            told = told.format(path=self.file.path, reason=reason(error))
            self.notify(told, severity="error", markup=False)
            return False
        return True

    def on_unmount(self) -> None:
        """Whoever quits from here keeps what was typed."""
        self.save()

    def action_check(self) -> None:
        """Save and test."""
        if self.save():
            self._test()

    def _test(self) -> None:
        if self._is_testing:
            self._is_asked_again = True
            return
        self._is_testing = True
        self._is_asked_again = False
        self._tested = self.file.stamp()
        self.report.show(None, _("The tests run …"))
        in_background(
            self,
            lambda: run(self.exercise, self.file.path, heard=self._heard),
            self._has_run,
            self._failed,
        )

    def _heard(self, report: Report) -> None:
        """The verdict, on the thread of the work, before the gradients are computed."""
        self.app.call_later(self._show_early, report)

    def _show_early(self, report: Report) -> None:
        if is_there(self) and self._is_testing:
            self._show(report)

    def _has_run(self, report: Report) -> None:
        self._is_testing = False
        if report.was_run:
            self._note(report)
        self._show(report)
        if self._is_asked_again and self.file.stamp() != self._tested:
            self._test()  # the file was saved once more while its tests ran

    def _show(self, report: Report) -> None:
        """Show what the tests say."""
        self.report.show(report)
        self.query_one(TrainRow).display = report.passed and self.exercise.name in USES
        self.refresh_bindings()
        self.add_class("-tested")  # where there is little room, the report takes the task's place
        self.query_one("#report-pane").scroll_home(animate=False)

    def _note(self, report: Report) -> None:
        """Remember how the file stands that was tested, if it is still the same."""
        if report.passed:
            files.note_passed(self.exercise)
        if self.file.stamp() == self._tested:
            with contextlib.suppress(OSError):
                files.note_checked(
                    self.exercise, self.file.path.read_bytes(), is_passed=report.passed
                )
        self.on_resize()

    def _failed(self, error: Exception) -> None:
        self._is_testing = False
        self.notify(reason(error), severity="error", markup=False)

    def on_train_row_chosen(self) -> None:
        """A click on the row."""
        self.action_train()

    def action_train(self) -> None:
        """Save, and train with the learner's function; what does not pass says why there."""
        from tui.screens.exercise_training import ExerciseTrainingScreen

        if self.save():
            self.app.push_screen(ExerciseTrainingScreen(self.exercise))

    def action_hint(self) -> None:
        """The hints so far, and one more."""
        _first, last = files.next_hint(self.exercise)
        hints = self.exercise.text.hints
        dots = "●" * last + "○" * (len(hints) - last)
        shown = " ".join(f"**{place + 1}.** {hints[place]}" for place in range(last))
        told = f"{dots} {shown}"
        if self.report.note.startswith(told):  # all of them are there
            key = "⟨escape|exercise.leave⟩, ⟨d|exercise.diff⟩"
            told += " " + _("That was the last hint. {key}: the solution").format(key=key)
        self.report.show(None, told)

    def action_scroll(self, lines: int) -> None:
        """Scroll the report."""
        self.query_one("#report-pane").scroll_relative(y=lines, animate=False)

    def action_page(self, direction: int) -> None:
        """Scroll the report by a page."""
        pane = self.query_one("#report-pane")
        pane.scroll_relative(y=direction * max(pane.size.height - 1, 1), animate=False)

    def action_task(self) -> None:
        """Show the task again."""
        self.remove_class("-tested")
        self.report.show(None)

    def action_diff(self) -> None:
        """The solution beside the learner's file, as changes."""
        from tui.page.changes import changes
        from tui.screens.text import TextScreen

        solution = files.solution(self.exercise).splitlines()
        found = changes(self.editor.text.splitlines(), solution)
        title = _("What would change your file into the solution")
        self.app.push_screen(TextScreen(title, found if found.plain else _("Nothing.")))

    def action_reset(self) -> None:
        """Begin again after asking; the old file is kept under another name."""

        def decided(yes: bool | None) -> None:
            if yes:
                if not self.save():
                    return
                try:
                    self.file.begin_again()
                    self._load()
                except OSError as error:
                    self._tell_unreadable(error)

        question = _("Put your file aside and begin again? It stays beside the new one.")
        self.app.push_screen(
            ConfirmScreen(question, yes=_("Begin again"), no=_("Keep it")), decided
        )

    def action_external(self) -> None:
        """Open the file in the learner's own editor, and test it afterwards."""
        command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not command:
            told = _("Neither $VISUAL nor $EDITOR names an editor. Set one before dltutor starts.")
            self.notify(told, markup=False)
            return
        self.save()
        try:
            with self.app.suspend():
                subprocess.run([*shlex.split(command), str(self.file.path)], check=False)
        except (OSError, ValueError, SuspendNotSupported) as error:
            told = _("The editor {command} cannot be started: {reason}.")
            told = told.format(command=command, reason=reason(error).rstrip("."))
            self.notify(told, severity="error", markup=False)
        self.look()

    def action_edit(self) -> None:
        """Go to the editor."""
        self.editor.focus()

    def action_leave(self) -> None:
        """Leave the editor."""
        self.set_focus(None)

    def action_close(self) -> None:
        """Save and go back."""
        self.save()
        self.app.pop_screen()
