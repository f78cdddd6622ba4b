"""A question as lines: its text, its choices, and the feedback on an answer."""

from __future__ import annotations

from collections.abc import Sequence

from engine.language import _
from lessons.format.document import Predict, Text
from lessons.format.parser import running_text
from lessons.judge.questions import (
    ChoiceQuestion,
    FillQuestion,
    Hints,
    OrderQuestion,
    Question,
)
from lessons.judge.verdicts import LETTERS, Diagnosis, Verdict
from tui.page.blocks import changed, formula, text_lines
from tui.page.lines import Ink, InkLine, Piece, indent, line_width, plain, wrap
from tui.page.prose import pieces

_LEADS: dict[Verdict, Piece] = {
    Verdict.RIGHT: (_("✓ right · "), Ink.GOOD),
    Verdict.SLIP: (_("✗ not yet · "), Ink.BAD),
    Verdict.WRONG: (_("✗ not yet · "), Ink.BAD),
    Verdict.UNREADABLE: ("! ", Ink.WARN),
    Verdict.SHOWN: (_("▸ shown · "), Ink.QUIET),
    Verdict.SKIPPED: (_("▸ skipped · "), Ink.QUIET),
    Verdict.NOTED: (_("▸ noted · "), Ink.LESSON_MARK),
}
_GAP = 4


def question(
    block: Predict, width: int, order: Sequence[int] = (), *, options: bool = True
) -> list[InkLine]:
    """The question, marked with a sign in the margin.

    `order` holds the index of the option at each place; by default that of the file. Without
    `options`, what there is to choose from is left out.
    """
    lines = text_lines(block.prompt, width - 2)
    if options:
        lines.extend(_choices(block.question, width - 2, block.slug, order))
    return [
        ((("? " if number == 0 else "  "), Ink.WARN), *line) for number, line in enumerate(lines)
    ]


def _choices(check: Question, width: int, slug: str, order: Sequence[int]) -> list[InkLine]:
    """What there is to choose from or to put in order, one letter each."""
    lines: list[InkLine] = []
    match check:
        case ChoiceQuestion(options):
            texts = [
                pieces(running_text(options[i].text, slug)) for i in order or range(len(options))
            ]
        case OrderQuestion(items):
            texts = [pieces(running_text(items[i], slug)) for i in check.shown()]
        case FillQuestion():
            lines.extend([*formula(check.formula, width), ()])
            factors = [check.factors[i] for i in order or range(len(check.factors))]
            texts = [pieces(running_text(f"${factor.latex}$", slug)) for factor in factors]
        case _:
            return []
    for letter, text in zip(LETTERS, texts, strict=False):
        found: list[Piece] = [(f"{letter}  ", Ink.STRONG), *text]
        lines.extend(wrap(found, width, 0, 3))
    return lines


def option_texts(block: Predict, order: Sequence[int] = ()) -> list[Text]:
    """The options of a choice in the order in which they are shown; empty for other questions."""
    check = block.question
    if not isinstance(check, ChoiceQuestion):
        return []
    shown = order or range(len(check.options))
    return [running_text(check.options[place].text, block.slug) for place in shown]


def ladder(
    hints: Hints, used: int, width: int, slug: str, *, skip_last: bool = False
) -> list[InkLine]:
    """How many hints were given, as ●●○, and each of them; without the last one on request."""
    rungs = hints.rungs()
    used = min(used, len(rungs))
    if not used:
        return []
    dots = "●" * used + "○" * (len(rungs) - used)
    lines: list[InkLine] = [(), ((_("hints {dots}").format(dots=dots), Ink.QUIET),)]
    for name, text in rungs[: used - skip_last]:
        found = [(f"{name}: ", Ink.QUIET), *pieces(running_text(text, slug))]
        lines.extend(wrap(found, width, 0, 2))
    return lines


def diagnosis_lines(diagnosis: Diagnosis, width: int, slug: str) -> list[InkLine]:
    """The verdict, the slip's name, the feedback, the two lines side by side, both answers."""
    found: list[Piece] = [_LEADS[diagnosis.verdict]]
    if diagnosis.slip:
        found.append((_("{slip}. ").format(slip=diagnosis.slip_name), Ink.STRONG))
    found += pieces(running_text(diagnosis.message, slug))
    lines = wrap(found, width, 0, 2)
    lines += _two_lines(diagnosis, width)
    answers = _answers(diagnosis)
    if answers:
        lines.extend(wrap(answers, width, 0, 2))
    return lines


def _answers(diagnosis: Diagnosis) -> list[Piece]:
    """The learner's answer, and next to it the result once it is known."""
    if not diagnosis.given:
        return []
    found: list[Piece] = [(_("yours") + " ", Ink.QUIET), (diagnosis.given, Ink.STRONG)]
    if diagnosis.result and diagnosis.result != diagnosis.given:
        found += [(" · " + _("the result") + " ", Ink.QUIET), (diagnosis.result, Ink.NUMBER)]
    return found


def _two_lines(diagnosis: Diagnosis, width: int) -> list[InkLine]:
    line, other = diagnosis.line, diagnosis.right
    wrong = _labelled(_("✗ the slip enters here"), Ink.BAD, other, line, width - 2)
    right = _labelled(_("✓ the line as it should be"), Ink.GOOD, line, other, width - 2)
    if not wrong or not right:
        return indent([*wrong, *right], 2)
    left_width = max(map(line_width, wrong))
    if 2 + left_width + _GAP + max(map(line_width, right)) > width:
        return indent([*wrong, *right], 2)
    return indent(_beside(wrong, right, left_width + _GAP), 2)


def _labelled(label: str, ink: Ink, before: str, latex: str, width: int) -> list[InkLine]:
    """A formula below its label; what differs from `before` is lit."""
    return [plain(label, ink), *changed(before, latex, width)] if latex else []


def _beside(left: list[InkLine], right: list[InkLine], column: int) -> list[InkLine]:
    """Two columns: the labels stay on top, the formulas are centred vertically."""
    height = max(len(left), len(right))
    columns = []
    for lines in (left, right):
        above = (height - len(lines)) // 2
        columns.append([lines[0], *[()] * above, *lines[1:], *[()] * (height - len(lines) - above)])
    found: list[InkLine] = []
    for a, b in zip(*columns, strict=True):
        room: Piece = (" " * (column - line_width(a)), Ink.PLAIN)
        found.append((*a, room, *b) if b else a)
    return found
