"""Lab: the worked example with more and more left out, each time with new numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import randrange

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from engine.labs.fading import LAST_SEED, FadedExample, Level, faded_example, next_seed
from engine.language import _
from engine.naming import number_text
from lessons.judge.answers import judge, reveal
from lessons.judge.fading import blank_question
from lessons.judge.questions import NumberQuestion
from lessons.judge.verdicts import Diagnosis, Verdict
from tui.background import after_refresh
from tui.labs.base import Lab
from tui.labs.registry import LabEntry
from tui.page.lines import Ink, InkLine
from tui.widgets.answer_field import AnswerField
from tui.widgets.clickable import lit
from tui.widgets.feedback import Feedback
from tui.widgets.lines_window import LinesWindow
from tui.widgets.numbers import behind_point
from tui.widgets.operation_formula import pretty, pretty_formula
from tui.widgets.operation_view import PHASE_NAMES, purpose

LEVELS = {
    Level.ONE: _("one blank"),
    Level.TWO_A_PHASE: _("two blanks per phase"),
    Level.ALL: _("all blank, formulas too"),
}
TALL = 50
"""Rows of a screen from which on most of the round is shown."""
_SIGNS = {Verdict.RIGHT: "✓", Verdict.SHOWN: "▸"}


@dataclass(slots=True)
class Filled:
    """What has happened to each blank, by its position in the round."""

    verdicts: dict[int, Verdict] = field(default_factory=dict)
    guesses: dict[int, str] = field(default_factory=dict)
    """The last answer that was judged."""
    slips: int = 0
    tries: int = 0
    """Answers to the current blank that no slip explains."""
    chosen: int = 0
    """The first position that can be in hand."""

    def open(self, example: FadedExample) -> tuple[int, ...]:
        """Positions that are not filled yet."""
        return tuple(place for place in example.blanks if place not in self.verdicts)

    def in_hand(self, example: FadedExample) -> int | None:
        """The open blank from the chosen position on, else the first; None if all are filled."""
        found = self.open(example)
        return next((place for place in found if place >= self.chosen), found[0] if found else None)

    def moved(self, example: FadedExample, direction: int) -> None:
        """Take the next open blank in hand, or the one before; after the last comes the first."""
        found = self.open(example)
        now = self.in_hand(example)
        assert now is not None
        self.chosen = found[(found.index(now) + direction) % len(found)]
        self.tries = 0


class Sheet(LinesWindow):
    """The round line by line; blanks are marked, and filled ones show both numbers."""

    def __init__(self) -> None:
        super().__init__(classes="sheet")
        self.example = faded_example(0, Level.ONE)
        self.filled = Filled()
        self._behind = 0
        """The cells behind the units of a number, so that all points stand in one column."""

    def show(self, example: FadedExample, filled: Filled) -> None:
        """Show another state."""
        self.example, self.filled = example, filled
        self.relay()

    def all_lines(self, width: int) -> tuple[list[InkLine], int]:
        """One heading per phase, one line per operation; in the middle the current blank.

        Once all are filled, the middle is the last blank.
        """
        found: list[InkLine] = []
        phase = None
        self._behind = max(
            behind_point(number_text(each.value)) for each in self.example.trace.operations
        )
        in_hand = self.filled.in_hand(self.example)
        middle = self.example.blanks[-1] if in_hand is None else in_hand
        marked = 0
        for position, operation in enumerate(self.example.trace.operations):
            if operation.phase is not phase:
                phase = operation.phase
                found.append(((PHASE_NAMES[phase], Ink.HEADING),))
            if position == middle:
                marked = len(found)
            found.append(self._line(position, position == in_hand, width))
        return found, marked

    def _line(self, position: int, in_hand: bool, width: int) -> InkLine:
        operation = self.example.operation(position)
        is_open = position in self.filled.open(self.example)
        value = "□ ?" if is_open else number_text(operation.value)
        ink = Ink.WARN if is_open else Ink.PLAIN
        verdict = self.filled.verdicts.get(position)
        if verdict is not None:
            guess = _("yours {answer}").format(answer=self.filled.guesses[position] or "–")
            value = f"{_SIGNS[verdict]} {guess} · {value}"
            ink = Ink.GOOD if verdict is Verdict.RIGHT else Ink.QUIET
        value += " " * (self._behind - behind_point(value))
        is_bare = self.example.level is Level.ALL and position in self.example.blanks and is_open
        formula = pretty(operation.symbol) if is_bare else pretty_formula(operation)
        lead = "▶ " if in_hand else "  "
        room = max(4, width - len(value) - len(lead) - 1)
        if len(formula) > room:
            formula = formula[: room - 1] + "…"
        gap = " " * (width - len(lead) - len(formula) - len(value))
        return ((lead + formula + gap, Ink.STRONG if in_hand else Ink.PLAIN), (value, ink))


class FadingLab(Lab):
    """A round of the 2-2-2 network with blanks to fill, each judged by the numbers before it."""

    IS_WORDS = True
    WORDS = 84
    KEEPS = ("example", "filled", "_rounds")
    BINDINGS = [
        Binding("enter", "answer", _("Answer"), id="fading.answer",
                tooltip=_("Type a number for the blank marked ▶")),
        Binding("right", "move(1)", _("Next blank"), id="fading.next", key_display="→",
                tooltip=_("Go to the next blank without filling this one")),
        Binding("left", "move(-1)", _("Back"), id="fading.before", key_display="←",
                tooltip=_("Go to the blank before")),
        Binding("ctrl+r", "reveal", _("Reveal"), id="fading.reveal",
                tooltip=_("Show the number for the blank marked ▶")),
        Binding("1", "level(1)", _("One blank"), id="fading.one",
                tooltip=_("One blank in the whole round")),
        Binding("2", "level(2)", _("Two/phase"), id="fading.two",
                tooltip=_("Two blanks per phase")),
        Binding("3", "level(3)", _("All"), id="fading.all",
                tooltip=_("Everything blank, without the formulas")),
        Binding("n", "fresh", _("New numbers"), id="fading.fresh",
                tooltip=_("Draw new numbers from another seed")),
        Binding("r", "reset", _("Again"), id="fading.reset",
                tooltip=_("Start over with the same numbers")),
        Binding("escape", "leave", _("Leave"), id="fading.leave", show=False,
                tooltip=_("Leave the field, then the lab")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    FadingLab > Sheet { height: 33vh; min-height: 8; max-width: 84; margin: 1 0; }
    FadingLab.-tall > Sheet { height: 58vh; }
    FadingLab.-full > Sheet { height: 1fr; }
    FadingLab > Input { width: 40; }
    FadingLab > .said { height: auto; }
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        level = options.get("level", "1")
        seed = options.get("seed") or str(randrange(LAST_SEED + 1))
        known = level in {str(item.value) for item in Level} and seed.isdecimal()
        self.trouble = "" if known else "The lab takes level=1, 2 or 3 and a seed from 0."
        self.example = (
            faded_example(int(seed), Level(int(level))) if known else faded_example(0, Level.ONE)
        )
        self.filled = Filled()
        self._rounds: dict[FadedExample, Filled] = {}
        """What was filled in each round that was begun."""

    def on_resize(self) -> None:
        """Show more of the round on a tall screen."""
        self.set_class(self.screen.size.height >= TALL, "-tall")

    def compose(self) -> ComposeResult:
        """The progress, the given numbers, the round, the current blank, the feedback."""
        yield Static(id="state", markup=False)
        yield Static(id="givens", markup=False)
        yield Sheet()
        yield Static(id="note", markup=False)
        yield AnswerField(
            placeholder=_("a number such as 0.08 or 1/12"), select_on_focus=True, compact=True
        )
        yield Feedback("backprop", classes="said")

    @property
    def in_hand(self) -> int | None:
        """Position of the current blank; None if all are filled."""
        return self.filled.in_hand(self.example)

    def question(self, position: int) -> NumberQuestion:
        """The question that a blank asks."""
        return blank_question(self.example, position)

    # What the keys do

    def reached(self) -> None:
        """The number can be typed at once."""
        self.action_answer()

    def action_answer(self) -> None:
        """Focus the field."""
        self.query_one(Input).focus()

    def action_move(self, direction: int) -> None:
        """Take another blank in hand."""
        self.filled.moved(self.example, direction)
        self.show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """With one open blank there is none to go to."""
        if action == "move":
            return True if len(self.filled.open(self.example)) > 1 else None
        return True

    def refused(self, action: str) -> None:
        """Say why no other blank is taken in hand; that all are filled is said already."""
        if self.in_hand is not None:
            self.say(
                _("This is the only blank that is left. ⟨enter|fading.answer⟩ types its number.")
            )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Judge the answer."""
        event.stop()
        if self.in_hand is None:
            self.say(
                _(
                    "All blanks are filled. ⟨n|fading.fresh⟩ draws new numbers, "
                    "⟨3|fading.all⟩ makes everything blank."
                )
            )
            return
        found = judge(self.question(self.in_hand), event.value, self.filled.tries)
        self._take(found, event.value)

    def action_reveal(self) -> None:
        """Show the number of the current blank."""
        if self.in_hand is not None:
            guess = self.query_one(Input).value
            self._take(reveal(self.question(self.in_hand), guess), guess)

    def _take(self, found: Diagnosis, text: str) -> None:
        position = self.in_hand
        assert position is not None
        if found.verdict is not Verdict.UNREADABLE:
            self.filled.guesses[position] = " ".join(text.split())[:14]
        self.filled.tries += found.verdict is Verdict.WRONG
        self.filled.slips += found.verdict is Verdict.SLIP
        if found.verdict.settles:
            self.filled.verdicts[position] = found.verdict
            self.filled.chosen = position
            self.filled.tries = 0
            self.query_one(Input).clear()
        said = self.query_one(Feedback)
        said.show(found)
        self.show(keep_said=True)
        after_refresh(self, said.scroll_visible, animate=False)

    def action_level(self, level: int) -> None:
        """Change how much is left out."""
        self._begin(faded_example(self.example.seed, Level(level)))

    def action_fresh(self) -> None:
        """Draw new numbers."""
        self._begin(faded_example(next_seed(self.example.seed), self.example.level))

    def action_reset(self) -> None:
        """Start over with the same numbers."""
        self.filled = Filled()
        self._begin(self.example)

    def action_leave(self) -> None:
        """Move the focus from the field to the lab, or from the lab to the lesson."""
        if self.query_one(Input).has_focus:
            self.focus()
        else:
            self.screen.set_focus(None)

    def _begin(self, example: FadedExample) -> None:
        """Another round; what was filled in one that was begun before is there again."""
        self._rounds[self.example] = self.filled
        self.example, self.trouble = example, ""
        self.filled = self._rounds.get(example, Filled())
        self.query_one(Input).clear()
        self.show()

    # What is shown

    def show(self, keep_said: bool = False) -> None:
        example = self.example
        done = len(example.blanks) - len(self.filled.open(example))
        state = _("seed {seed} · level {level}: {blanks} · {done} of {count} filled").format(
            seed=example.seed,
            level=example.level.value,
            blanks=LEVELS[example.level],
            done=done,
            count=len(example.blanks),
        )
        if self.filled.slips:
            state += " · " + _("slips {count}").format(count=self.filled.slips)
        self.put("state", state)
        self.put("givens", _givens(example))
        sheet = self.query_one(Sheet)
        sheet.show(example, self.filled)
        if not keep_said:
            self.query_one(Feedback).show(None)
        self.say("")
        self.refresh_bindings()

    def marked_hint(self) -> str:
        """The current question."""
        if self.in_hand is None:
            right = sum(v is Verdict.RIGHT for v in self.filled.verdicts.values())
            return _(
                "All blanks are filled: {found} found, {shown} shown. "
                "⟨n|fading.fresh⟩ draws new numbers, ⟨1|fading.one⟩ "
                "⟨2|fading.two⟩ ⟨3|fading.all⟩ choose how much is left out."
            ).format(found=right, shown=len(self.example.blanks) - right)
        operation = self.example.operation(self.in_hand)
        about = purpose(operation, self.example.problem, self.example.trace)
        return f"▶ {pretty(operation.symbol)} = ?  {about}"

    def lit_hint(self) -> Content:
        """The question, which is no mere hint."""
        return lit(self.marked_hint(), words="bold")

    def keys_moved(self) -> None:
        """Keep the question: it applies to the field as well as to the lab."""


def _givens(example: FadedExample) -> str:
    """The given numbers, in three lines."""
    values = example.trace.givens
    rows = (
        ("x1", "x2", "target_o1", "target_o2", "η"),
        ("w1", "w2", "w3", "w4", "b_h1", "b_h2"),
        ("w5", "w6", "w7", "w8", "b_o1", "b_o2"),
    )
    return "\n".join("  ".join(f"{pretty(name)} {values[name]:g}" for name in row) for row in rows)


LAB = LabEntry(
    FadingLab,
    options={
        "level": "how much is left out: 1, 2 or 3",
        "seed": "the seed of the numbers; without it they are new each time",
    },
)
