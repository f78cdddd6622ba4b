"""The contents: all chapters and lessons, a card about the selected one, and a search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from engine.language import _, plural
from lessons.format.catalog import Chapter, Entry
from lessons.format.lesson_error import LessonError
from lessons.learner.progress import LessonProgress
from tui.background import after_refresh, in_background
from tui.screens.home_rows import chapter_row, lesson_row
from tui.widgets.key_bar import KeyBar
from tui.widgets.lesson_card import LessonCard, Standing
from tui.widgets.row import InkedList, Row
from tui.widgets.training_status import TrainingStatus
from tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from lessons.format.drawings import Drawing
    from lessons.format.searching import Found, Index
    from tui.app import TutorApp
    from tui.page.lines import Piece


class ContentsList(InkedList):
    """The list itself; it shows its key in the footer."""

    BINDINGS = [
        Binding(
            "enter", "select", _("Open"), id="contents.open", tooltip=_("Open the selected lesson")
        )
    ]


class FindField(Input):
    """Where the learner types what to find; the list below follows."""

    BINDINGS = [
        Binding("enter", "submit", _("To the places"), id="find.submit",
                tooltip=_("Go to the list, or open the only place found"))
    ]  # fmt: skip


class HomeScreen(Screen[None]):
    """Chapters and lessons; `enter` opens one, `/` searches the whole course."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    BINDINGS = [
        Binding("slash", "find", _("Find"), id="home.find",
                tooltip=_("Search titles, text, formulas, symbols and slips")),
        Binding("c", "chapter", _("Chapter"), id="home.chapter",
                tooltip=_("Show your progress in the chapter of the selected lesson")),
        Binding("x", "exercises", _("Exercises"), id="home.exercises",
                tooltip=_("Write functions of the course yourself")),
        Binding("p", "playground", _("Playground"), id="home.playground", show=False,
                tooltip=_("Train a small network on points, and watch every unit")),
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

    def __init__(self) -> None:
        super().__init__()
        self._index: Index | None = None
        self._found: list[Found] = []
        self._pictures: dict[str, Drawing | None] = {}
        self._filled_for = 0
        """The width of the rows that the list has; 0 where it has to be filled again."""
        self._progress: dict[str, LessonProgress] = {}
        """How far the learner was in each lesson when the list was filled."""
        self._due: Counter[str] = Counter()
        """How many questions of each lesson waited for a review then."""

    def compose(self) -> ComposeResult:
        """Title, search field, contents beside the card, the state of a training."""
        with Horizontal(id="head"):
            yield Static("dltutor", id="title", markup=False)
            yield Static("", id="overall", markup=False)
        with Horizontal(id="welcome-row"):
            yield Welcome()
        with Horizontal(id="find-row"):
            yield FindField(placeholder=_("find in titles, text, formulas, symbols"), id="find")
        with Horizontal(id="panes"):
            yield ContentsList(id="contents", markup=False)
            with VerticalScroll(id="card-pane", can_focus=False):
                yield LessonCard()
        yield Static("", id="about", markup=False)
        yield TrainingStatus()
        yield KeyBar()

    @property
    def tutor(self) -> TutorApp:
        """The application."""
        return cast("TutorApp", self.app)

    @property
    def contents(self) -> ContentsList:
        """The list of lessons."""
        return self.query_one("#contents", ContentsList)

    @property
    def wanted(self) -> str:
        """What is looked for; empty while nothing is."""
        return self.query_one("#find", Input).value.strip()

    def on_mount(self) -> None:
        """Fill the list."""
        self.query_one("#find").display = False
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._renew())
        self.contents.focus()

    def on_screen_resume(self) -> None:
        """Show the progress made in the meantime."""
        self._renew()

    def on_resize(self) -> None:
        """The rows depend on the width, and so does the title."""
        self.call_later(self._fit)

    def _fit(self) -> None:
        if self._row_width != self._filled_for:
            self._renew()
        else:
            self._show_overall()

    def _renew(self) -> None:
        """Fill the list unless another screen hides it: it is filled when it is seen again."""
        if self.is_current:
            self.fill()

    def select(self, slug: str) -> None:
        """Select the lesson `slug`, where the list shows it."""
        if not self._filled_for:
            self.fill()
        self._mark(slug)

    def fill(self) -> None:
        """Fill the list: the whole course, or the places that hold what is looked for."""
        marked = self.marked or self.tutor.progress.last()
        self._progress = self.tutor.progress.of_lessons()
        self._due = self._waiting()
        fresh = not any(self._far(entry.slug).opened for entry in self._entries())
        self.query_one(Welcome).display = fresh and not self.wanted
        self._filled_for = self._row_width
        options = self._places() if self.wanted else self._course()
        self.contents.clear_options()
        self.contents.add_options(options)
        self._mark(marked)
        self._show_overall()
        self._describe()

    def _entries(self) -> list[Entry]:
        return [entry for entry in self.tutor.contents.entries() if entry.is_written]

    @property
    def _row_width(self) -> int:
        return max(self.contents.scrollable_content_region.width or self.size.width, 40) - 2

    def _far(self, slug: str) -> LessonProgress:
        return self._progress.get(slug, LessonProgress())

    def _course(self) -> list[Option]:
        inks, width = self.contents.inks, self._row_width
        options: list[Option] = []
        for chapter in self.tutor.contents.chapters:
            if options:
                options.append(Option("", disabled=True))
            done = sum(self._far(each.slug).done for each in chapter.entries)
            options.append(Option(chapter_row(chapter, done, width, inks), disabled=True))
            for entry in chapter.entries:
                notes = self._notes(entry, self._due[entry.slug])
                row = lesson_row(entry, self._state(entry), notes, width, inks)
                options.append(Option(row, id=entry.slug, disabled=not entry.is_written))
        return options

    def _places(self) -> list[Option]:
        if self._index is None:
            from lessons.format.searching import Index

            self._index = Index(self.tutor.contents)
        from tui.screens.found_rows import found_row

        self._found = self._index.find(self.wanted)
        inks, width = self.contents.inks, self._row_width
        options = [
            Option(
                found_row(found, self.wanted, width, inks),
                id=f"{place}",
                disabled=not found.entry.is_written,
            )
            for place, found in enumerate(self._found)
        ]
        return options or [Option(Row(_("Nothing in the course matches.")), disabled=True)]

    def _waiting(self) -> Counter[str]:
        """How many questions of each lesson wait for a review."""
        answers = self.tutor.progress.answers()
        if not answers:
            return Counter()
        from lessons.learner.log import question_logs
        from lessons.learner.review import due_day

        today = self.tutor.progress.today
        logs = question_logs(answers).values()
        return Counter(
            log.slug
            for log in logs
            if not log.name.startswith("mistake:") and due_day(log) <= today
        )

    def _mark(self, slug: str | None) -> None:
        options = self.contents.options
        enabled = [place for place, option in enumerate(options) if not option.disabled]
        wanted = [place for place in enabled if options[place].id == slug]
        first = next(iter(wanted or enabled), None)
        self.contents.highlighted = first
        if first is not None and enabled and first == enabled[0]:
            self.contents.scroll_home(animate=False)

    def _state(self, entry: Entry) -> str:
        if not entry.is_written:
            return "coming"
        progress = self._far(entry.slug)
        return "done" if progress.done else "under way" if progress.opened else "new"

    def _notes(self, entry: Entry, due: int) -> list[tuple[str, bool]]:
        notes = []
        if due:
            notes.append((_("{count} due").format(count=due), True))
        if self._state(entry) == "under way":
            keys = self.tutor.contents.step_keys(entry.slug)
            step = self._far(entry.slug).place(keys) + 1
            notes.append((_("step {step} of {count}").format(step=step, count=len(keys)), False))
        return notes

    @property
    def found(self) -> Found | None:
        """The selected place, while something is looked for."""
        place = self.contents.highlighted
        if not self.wanted or place is None or not self._found:
            return None
        return self._found[place]

    @property
    def marked(self) -> str | None:
        """Slug of the selected lesson."""
        if self.wanted:
            return self.found.entry.slug if self.found else None
        place = self.contents.highlighted
        return None if place is None else self.contents.get_option_at_index(place).id

    def on_option_list_option_highlighted(self) -> None:
        """Say more about the selected lesson."""
        if self.query(LessonCard):  # it may be gone already, at the end of the program
            self._describe()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the lesson."""
        event.stop()
        self.action_open()

    def on_lesson_card_chosen(self) -> None:
        """A click on the card opens the lesson, too."""
        self.action_open()

    def _show_overall(self) -> None:
        entries = self._entries()
        done = sum(self._far(entry.slug).done for entry in entries)
        due = sum(self._due.values())
        if self.wanted:
            from lessons.format.searching import MOST

            count = len(self._found)
            found = plural("{count} place found", "{count} places found", count)
            first = _("the first {count} places").format(count=count)
            parts = [first if count == MOST else found]
            due = 0
        else:
            lessons = plural("{count} lesson", "{count} lessons", len(entries))
            parts = [_("{done} of {lessons} done").format(done=done, lessons=lessons)]
        if due:
            parts.append(plural("{count} question due", "{count} questions due", due))
        overall = " · ".join(parts)
        self.query_one("#overall", Static).update(overall)
        whole = _("dltutor · the fundamentals of deep learning")
        fits = cell_len(whole) + cell_len(overall) + 4 <= self.size.width
        self.query_one("#title", Static).update(whole if fits else "dltutor")

    def _describe(self) -> None:
        card, about = self.query_one(LessonCard), self.query_one("#about", Static)
        slug = self.marked
        if slug is None:
            card.say("")
            about.update("")
            return
        try:
            lesson = self.tutor.contents.outline(slug)
        except LessonError as error:
            card.say(str(error))
            about.update(str(error))
            return
        progress = self._far(slug)
        step = progress.place(lesson.keys) if progress.opened else None
        next_up = () if step is None or progress.done else self._step_title(slug, step)
        standing = Standing(progress.done, step, next_up, self._due[slug])
        titles = {need: self.tutor.contents.entry(need).title for need in lesson.needs}
        chapter = self._chapter(slug)
        card.show(self.tutor.contents.entry(slug).title, lesson, chapter, standing, titles)
        self._show_picture(slug, lesson.picture)
        parts = [
            plural("about {count} minute", "about {count} minutes", lesson.minutes),
            plural("{count} step", "{count} steps", len(lesson.keys)),
        ]
        line = " · ".join(parts)
        if lesson.needs:
            line = self._with_needs(line, list(titles.values()))
        about.update(line)

    def _with_needs(self, begun: str, titles: Sequence[str]) -> str:
        """The line about a lesson with those that it builds on, as many as there is room for."""
        for count in range(len(titles), 0, -1):
            named = [*titles[:count], *(["…"] if count < len(titles) else [])]
            line = f"{begun} · " + _("builds on {lessons}").format(lessons=", ".join(named))
            if cell_len(line) + 2 <= self.size.width:
                break
        return line

    def _show_picture(self, slug: str, name: str) -> None:
        """Show the figure of a lesson on the card once it is made: its facts take a moment."""
        card = self.query_one(LessonCard)
        if not name or slug in self._pictures:
            card.picture(self._pictures.get(slug))
            return
        card.picture(None)

        def make() -> Drawing:
            from lessons.format.figures import drawing_of

            return drawing_of(slug, name)

        def made(drawing: Drawing | None) -> None:
            self._pictures[slug] = drawing
            if self.marked == slug:
                card.picture(drawing)

        def failed(_error: Exception) -> None:
            made(None)  # the lesson says what is wrong when it is opened

        # Later: what makes it loads NumPy, and would take from the first frame.
        after_refresh(self, lambda: in_background(self, make, made, failed))

    def _step_title(self, slug: str, step: int) -> tuple[Piece, ...]:
        """The title of a step, which may hold formulas; empty where the lesson is broken."""
        from tui.page.lesson import heading_pieces

        try:
            return tuple(heading_pieces(self.tutor.contents.load(slug).steps[step].title))
        except LessonError:
            return ()

    def _chapter(self, slug: str) -> Chapter:
        wanted = self.tutor.contents.entry(slug).chapter
        return next(each for each in self.tutor.contents.chapters if each.slug == wanted)

    def on_input_changed(self) -> None:
        """Search while the learner types."""
        self.fill()

    def on_input_submitted(self) -> None:
        """Go from the search field to the list; if only one place is left, open it."""
        self.contents.focus()
        if len(self._found) == 1:
            self.action_open()

    def action_open(self) -> None:
        """Open the selected lesson, at the place that was found."""
        if self.marked is not None:
            self.tutor.open_lesson(self.marked, self.found.step if self.found else None)

    def action_chapter(self) -> None:
        """Show the progress in the chapter of the selected lesson."""
        if self.marked is not None:
            self.tutor.open_chapter(self.tutor.contents.entry(self.marked).chapter)

    def action_exercises(self) -> None:
        """Choose an exercise."""
        self.tutor.choose_exercise()

    def action_playground(self) -> None:
        """Open the playground."""
        self.tutor.open_playground()

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
        """A search can be ended only while there is one; in its field, `/` is a character."""
        if action == "clear":
            return self.query_one("#find").display
        return not (action == "find" and isinstance(self.focused, FindField))

    def action_down(self) -> None:
        """Select the next lesson."""
        self.contents.action_cursor_down()

    def action_up(self) -> None:
        """Select the previous lesson."""
        self.contents.action_cursor_up()
