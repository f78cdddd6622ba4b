"""The contents: all chapters and lessons, the learner's progress, and a search."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.text import Text as RichText
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from engine.language import ENGLISH, _, plural
from lessons.format.catalog import Chapter, Entry
from lessons.format.document import LessonError
from tui.columns import left
from tui.page.lesson import about_parts
from tui.widgets.training_status import TrainingStatus

if TYPE_CHECKING:
    from tui.app import TutorApp


class ContentsList(OptionList):
    """The list itself; it shows its key in the footer."""

    BINDINGS = [
        Binding(
            "enter", "select", _("Open"), id="contents.open", tooltip=_("Open the selected lesson")
        )
    ]


class HomeScreen(Screen[None]):
    """Chapters and lessons; `enter` opens one, `/` searches."""

    BINDINGS = [
        Binding("slash", "find", _("Find"), id="home.find", tooltip=_("Search lessons by title")),
        Binding("c", "chapter", _("Chapter"), id="home.chapter",
                tooltip=_("Show your progress in the chapter of the selected lesson")),
        Binding("v", "app.review", _("Review"), id="home.review",
                tooltip=_("Answer the questions that are due today")),
        Binding("j,down", "down", _("Down"), id="home.down", show=False, tooltip=_("Next lesson")),
        Binding("k,up", "up", _("Up"), id="home.up", show=False, tooltip=_("Previous lesson")),
        Binding("right,l,space,enter", "open", _("Open"), id="home.open_right", show=False,
                tooltip=_("Open the selected lesson")),
        Binding("escape", "clear", _("All lessons"), id="home.clear",
                tooltip=_("Show all lessons")),
        Binding("q", "app.request_quit", _("Quit"), id="home.quit", tooltip=_("Quit dltutor")),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """Title, search field, contents, a line about the selected lesson."""
        yield Static(_("dltutor · the fundamentals of deep learning"), id="title")
        yield Input(placeholder=_("find a lesson"), id="find")
        yield ContentsList(id="contents", markup=False)
        yield Static("", id="about", markup=False)
        yield TrainingStatus()
        yield Footer(show_command_palette=False, compact=True)

    @property
    def tutor(self) -> TutorApp:
        """The application."""
        return cast("TutorApp", self.app)

    @property
    def contents(self) -> OptionList:
        """The list of lessons."""
        return self.query_one("#contents", OptionList)

    def on_mount(self) -> None:
        """Fill the list."""
        self.query_one("#find").display = False
        self.fill()
        self.contents.focus()

    def on_screen_resume(self) -> None:
        """Show the progress made in the meantime."""
        self.fill()

    def fill(self) -> None:
        """Fill the list with the lessons that match the search."""
        wanted = self.query_one("#find", Input).value.casefold().split()
        marked = self.marked or self.tutor.progress.last()
        contents = self.contents
        options: list[Option] = []
        for chapter in self.tutor.contents.chapters:
            entries = [entry for entry in chapter.entries if _matches(entry, chapter, wanted)]
            if not entries:
                continue
            heading = RichText(f"{chapter.number}  {chapter.title}", style="bold")
            options.append(Option(heading, disabled=True))
            options.extend(self._option(entry) for entry in entries)
        if not options:
            options.append(Option(RichText(_("No lesson matches.")), disabled=True))
        contents.clear_options()
        contents.add_options(options)
        self._mark(marked)
        self._describe()

    def _mark(self, slug: str | None) -> None:
        enabled = [
            place
            for place in range(self.contents.option_count)
            if not self.contents.get_option_at_index(place).disabled
        ]
        wanted = [place for place in enabled if self.contents.get_option_at_index(place).id == slug]
        first = next(iter(wanted or enabled), None)
        self.contents.highlighted = first
        if first is not None and enabled and first == enabled[0]:
            self.contents.scroll_home(animate=False)

    def _option(self, entry: Entry) -> Option:
        state = self._state(entry)
        title = RichText.assemble(
            f"   {state[0]} ", (left(entry.title, 40), "" if entry.is_written else "dim"), " ",
            (state[1], "dim"), (f" · {ENGLISH}" if entry.only_english else "", "dim"),
        )  # fmt: skip
        return Option(title, id=entry.slug, disabled=not entry.is_written)

    def _state(self, entry: Entry) -> tuple[str, str]:
        if not entry.is_written:
            return "·", _("coming")
        progress = self.tutor.progress.get(entry.slug)
        if progress.done:
            return "✓", _("done")
        if not progress.opened:
            return "○", _("new")
        step = progress.place(self.tutor.contents.step_keys(entry.slug)) + 1
        return "◐", _("at step {step}").format(step=step)

    @property
    def marked(self) -> str | None:
        """Slug of the selected lesson."""
        place = self.contents.highlighted
        return None if place is None else self.contents.get_option_at_index(place).id

    def on_option_list_option_highlighted(self) -> None:
        """Say more about the selected lesson."""
        self._describe()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the lesson."""
        event.stop()
        self.action_open()

    def _describe(self) -> None:
        about = self.query_one("#about", Static)
        if self.marked is None:
            about.update("")
            return
        try:
            lesson = self.tutor.contents.load(self.marked)
        except LessonError as error:
            about.update(str(error))
            return
        parts = [
            lesson.slug,
            plural("{count} step", "{count} steps", len(lesson.steps)),
            *about_parts(lesson),
        ]
        about.update(" · ".join(parts))

    def on_input_changed(self) -> None:
        """Search while the learner types."""
        self.fill()

    def on_input_submitted(self) -> None:
        """Go from the search field to the list; if only one lesson is left, open it."""
        written = [
            place
            for place in range(self.contents.option_count)
            if not self.contents.get_option_at_index(place).disabled
        ]
        self.contents.focus()
        if len(written) == 1:
            self.action_open()

    def action_open(self) -> None:
        """Open the selected lesson."""
        if self.marked is not None:
            self.tutor.open_lesson(self.marked)

    def action_chapter(self) -> None:
        """Show the progress in the chapter of the selected lesson."""
        if self.marked is not None:
            self.tutor.open_chapter(self.tutor.contents.entry(self.marked).chapter)

    def action_find(self) -> None:
        """Show the search field and focus it."""
        field = self.query_one("#find", Input)
        field.display = True
        field.focus()

    def action_clear(self) -> None:
        """End the search."""
        field = self.query_one("#find", Input)
        field.value = ""
        field.display = False
        self.contents.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A search can be ended only while there is one."""
        return self.query_one("#find").display if action == "clear" else True

    def action_down(self) -> None:
        """Select the next lesson."""
        self.contents.action_cursor_down()

    def action_up(self) -> None:
        """Select the previous lesson."""
        self.contents.action_cursor_up()


def _matches(entry: Entry, chapter: Chapter, wanted: list[str]) -> bool:
    words = f"{entry.slug} {entry.title} {chapter.title}".casefold()
    return all(word in words for word in wanted)
