"""Judge what a learner answers about the line of a derivation.

A typed line is right if it is equal to the drawn one under the draws of the lesson, and leads on:
a copy of what stands there already is told so. Judging evaluates formulas, which imports torch.
"""

from __future__ import annotations

import re

from engine.formulas.comparing import residual
from engine.formulas.errors import MeaningError
from engine.formulas.proving import LineProof
from engine.formulas.sameness import loose_form, written_form
from engine.formulas.statements import Statement
from engine.formulas.term import Term
from engine.formulas.typed import readings
from engine.formulas.values import Value
from engine.language import _
from lessons.derive.proving import ERRORS, Lines, last_side
from lessons.derive.tasks import Asked, Kind, Task, markdown
from lessons.derive.words import KINDS, about_values
from lessons.judge.picking import picked
from lessons.judge.verdicts import LETTERS, Diagnosis, Verdict, as_text

_RELATIONS = re.compile(r"=|≈|≤|≥|<|>|\\leq?(?![a-z])|\\geq?(?![a-z])|\\approx(?![a-z])")
_HINTS_AFTER = 2
"""Wrong answers after which a typed line is hinted at."""


def judge(asked: Asked, task: Task, text: str, tries: int = 0) -> Diagnosis:
    """Judge an answer, after `tries` wrong ones."""
    if task.is_chosen:
        return _chosen(asked, task, text)
    lines = asked.lines
    if task.kind is Kind.FACTOR:
        read = [
            (latex, task.gap.filled(lines.latex(task.line), latex))
            for latex in readings(_right_of(text), lines.notation)
            if task.gap is not None
        ]
    else:
        start = asked.beginning(task.line)
        read = [(r, f"{start} {r}") for r in readings(_right_of(text), lines.notation)]
    return _typed(asked, task, text, read, tries)


def reveal(asked: Asked, task: Task, guess: str = "") -> Diagnosis:
    """The answer, where the learner asks for it."""
    given = " ".join(guess.split())
    if task.is_chosen:
        letter = LETTERS[task.right]
        told = _("The answer is {letter}: {text}.").format(
            letter=letter, text=task.options[task.right]
        )
        return Diagnosis(Verdict.SHOWN, told, given=given, result=letter)
    if task.gap is not None:
        told = _("The factor is {factor}.").format(factor=f"${task.gap.factor.strip()}$")
    else:
        told = _("The line is {line}.").format(line=f"${asked.lines.latex(task.line)}$")
    return Diagnosis(Verdict.SHOWN, told, given=given)


def answer_of(asked: Asked, task: Task) -> str:
    """The right answer as a learner would give it: a letter, or LaTeX."""
    if task.is_chosen:
        return LETTERS[task.right]
    if task.gap is not None:
        return task.gap.factor
    return asked.lines.latex(task.line)[len(asked.beginning(task.line)) :].strip()


def _chosen(asked: Asked, task: Task, text: str) -> Diagnosis:
    place = picked(text, task.options)
    if place is None:
        told = _("Answer with one letter from a to {last}.").format(
            last=LETTERS[len(task.options) - 1]
        )
        return Diagnosis(Verdict.UNREADABLE, told)
    given = LETTERS[place]
    if place == task.right:
        return Diagnosis(Verdict.RIGHT, _why(asked, task), given=given, result=given)
    kind = task.kinds[place]
    if task.kind is Kind.REASON:
        text = (
            _("That is why line {line} follows. Look at what has changed in this one.")
            if kind.isdecimal()
            else _("That is why another line of this lesson holds: {line}")
        )
        return Diagnosis(Verdict.WRONG, text.format(line=kind), given=given)
    latex = task.options[place].strip("$")
    return Diagnosis(
        Verdict.SLIP,
        _numbers(asked.lines, task.line, latex) or _("With random numbers it does not hold."),
        _slip_id(kind),
        given=given,
        slip_name=_slip_name(kind),
    )


def _why(asked: Asked, task: Task) -> str:
    reason = markdown(asked.block.lines[task.line].reason).strip()
    return _("Line {line}: {reason}.").format(line=task.line + 1, reason=reason) if reason else ""


def _typed(
    asked: Asked, task: Task, text: str, read: list[tuple[str, str]], tries: int
) -> Diagnosis:
    """The verdict on the readings of what was typed, each with the line that it makes."""
    lines, problem = asked.lines, ""
    wrong: tuple[str, tuple[Statement, ...], LineProof] | None = None
    for latex, whole in read:
        try:
            changed = lines.other(whole)
        except ERRORS as error:
            problem = problem or _problem(error)
            continue
        proof = lines.proof(task.line, changed)
        if proof.ok:
            return _right(asked, task, latex, changed)
        # A reading that can be evaluated says more than one that cannot.
        if wrong is None or (wrong[2].problem and not proof.problem):
            wrong = latex, changed, proof
    if wrong is None:
        told = problem or _("Type a formula, such as {example}.").format(example="`a_j * (1 - y)`")
        return Diagnosis(Verdict.UNREADABLE, told)
    latex, changed, proof = wrong
    if proof.problem:
        return Diagnosis(Verdict.WRONG, _evaluated(proof.problem), given=as_given(text))
    return _wrong(asked, task, text, latex, changed, tries)


def _right(asked: Asked, task: Task, latex: str, changed: tuple[Statement, ...]) -> Diagnosis:
    lines, why = asked.lines, _why(asked, task)
    if task.kind is Kind.FACTOR:
        assert task.gap is not None
        return Diagnosis(Verdict.RIGHT, why, right=lines.latex(task.line))
    given, own = last_side(changed), lines.side(task.line)
    assert given is not None
    assert own is not None
    if written_form(given) == written_form(own):
        return Diagnosis(Verdict.RIGHT, why)
    before = [(number, lines.side(number)) for number in range(task.line - 1, -1, -1)]
    same_as_own = loose_form(given) == loose_form(own)
    for number, side in before:
        if side is not None and loose_form(side) == loose_form(given):
            if same_as_own and written_form(side) != written_form(given):
                break
            text = (
                _("That is the line above: {line}. It is true, and leads nowhere.")
                if number == task.line - 1
                else _("That is line {number} again: {line}.")
            )
            told = text.format(number=number + 1, line=f"${lines.latex(number)}$")
            return Diagnosis(Verdict.WRONG, told + " " + _ahead(asked, task))
    left = lines.left(task.line)
    if left is not None and not same_as_own and loose_form(left) == loose_form(given):
        told = _("That is the left side itself: {line}.").format(line=f"${latex}$")
        return Diagnosis(Verdict.WRONG, told + " " + _ahead(asked, task))
    if same_as_own:
        return Diagnosis(Verdict.RIGHT, why)
    for number in range(task.line + 1, len(lines.read)):
        side = lines.side(number)
        if side is not None and loose_form(side) == loose_form(given):
            told = _("That is line {number} already.").format(number=number + 1)
            return Diagnosis(Verdict.RIGHT, f"{told} {why}", right=lines.latex(task.line))
    told = _("It is equal on every draw. The lesson writes it in another way.")
    return Diagnosis(Verdict.RIGHT, f"{told} {why}", right=lines.latex(task.line))


def _ahead(asked: Asked, task: Task) -> str:
    """What the step forward is, by its reason."""
    reason = markdown(asked.block.lines[task.line].reason).strip()
    if not reason:
        return _("Take the next step.")
    return _("Take the next step: {reason}.").format(reason=reason)


def _wrong(
    asked: Asked, task: Task, text: str, latex: str, changed: tuple[Statement, ...], tries: int
) -> Diagnosis:
    lines = asked.lines
    given = last_side(changed)
    kind = lines.slip_of(task.line, given) if given is not None else ""
    whole = changed[0].latex
    told = _numbers(lines, task.line, whole)
    if not kind and tries + 1 >= _HINTS_AFTER:
        told += " " + _ahead(asked, task)
    if not kind:
        return Diagnosis(Verdict.WRONG, told.strip(), given=as_given(text))
    return Diagnosis(
        Verdict.SLIP, told.strip(), _slip_id(kind), given=as_given(text), slip_name=_slip_name(kind)
    )


def _numbers(lines: Lines, line: int, whole: str) -> str:
    """The values of the left side and of a wrong line on a draw on which they differ."""
    try:
        statements = lines.other(whole)
    except ERRORS:
        return ""
    given = last_side(statements)
    if given is None:
        return _("With random numbers it does not hold.")
    relation = statements[0].chains[0].relations[-1]
    own = lines.side(line)
    before = statements[0].chains[0].sides[-2]
    reference: Term | None = own if relation == "=" else (before or lines.side(line - 1))
    for draw in range(3):
        left = None if reference is None else lines.value(reference, draw)
        value = lines.value(given, draw)
        if left is not None and value is not None and not _same(left, value):
            return about_values(left, value, relation)
    return _("With random numbers it does not hold.")


def _same(one: Value, other: Value) -> bool:
    try:
        return residual(one, other) <= 1e-9
    except ERRORS:
        return False


def _right_of(text: str) -> str:
    """What was typed behind the last relation: the left side may be repeated."""
    depth = 0
    last = 0
    for at, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        found = _RELATIONS.match(text, at) if depth == 0 else None
        if found:
            last = found.end()
    return text[last:]


def _problem(error: Exception) -> str:
    if isinstance(error, MeaningError):
        return as_text(error.problem)
    return as_text(str(error))


def _evaluated(problem: str) -> str:
    text = problem.partition(" In: ")[0]
    return _("It cannot be computed: {problem}").format(problem=as_text(text))


def as_given(text: str) -> str:
    """An answer as it is quoted: on one line, not too long."""
    plain = " ".join(text.split())
    return plain if len(plain) <= 60 else f"{plain[:59]}…"


def _slip_id(kind: str) -> str:
    return kind.replace(" ", "-")


def _slip_name(kind: str) -> str:
    """What the tutor says first: what kind of mistake it is."""
    return KINDS.get(kind, kind).rstrip(".")
