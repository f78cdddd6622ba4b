"""The fenced blocks of a lesson: which kinds there are, and what each may name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from engine.errors import UserError
from engine.nearest import did_you_mean
from engine.recipes.catalog import find_recipe
from engine.training.hyperparameters import SettingError
from lessons.format.document import (
    Block,
    Code,
    Derivation,
    DerivationLine,
    FindMistake,
    Lab,
    Listing,
    NumberRow,
    Predict,
    Training,
    WithNumbers,
    WriteExercise,
)
from lessons.format.drawable import formulas_in, refuse_undrawable
from lessons.format.facts import facts_of, package_of
from lessons.format.fence import Fence, FenceError
from lessons.format.figures import read_figure
from lessons.format.lab_names import known_labs
from lessons.format.lesson_error import LessonError
from lessons.format.outline import LATER
from lessons.format.question_text import LATEX_PARTS, Field, QuestionText, read_question_text
from lessons.format.questions import joined
from lessons.format.source import BrokenSourceError, SourceError, load_source
from lessons.judge.evidence import Mistake, Version
from lessons.judge.lines import faulty_lines, source_lines
from lessons.judge.questions import ChoiceQuestion

_MEANT = {"python": "code", "py": "code", "text": "listing", "sh": "listing", "bash": "listing"}
"""Kinds of other Markdown, and those that come near to them here."""
_SET_OFF = re.compile(r"\$[^$]*\$|`[^`]*`")
"""A formula or code in running text."""


def read_fence(kind: str, fence: Fence) -> Block:
    """The block that a fence stands for; raises FenceError."""
    reader = _READERS.get(kind)
    if reader is None:
        near = did_you_mean(kind, [*_READERS, "scope", *_MEANT], _MEANT)
        known = f"The kinds are {', '.join(_READERS)}, scope."
        raise FenceError(f"The block kind {kind!r} is not known.", f"{near} {known}".strip())
    return reader(fence)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _name(fence: Fence, what: str) -> str:
    if not fence.words:
        raise FenceError(f"The {what} has no name.", "Write the name after the kind.")
    return fence.words[0]


def _only_name(fence: Fence, what: str) -> str:
    name = _name(fence, what)
    if len(fence.words) > 1:
        mend = f"Leave them out, or write `{LATER}` for a prediction."
        mend = mend if what == "question" else "Leave them out."
        raise FenceError(f"The {what} has words after its name.", mend)
    return name


def _derivation(fence: Fence) -> Derivation:
    name = _only_name(fence, "derivation")
    lines: list[DerivationLine] = []
    for offset, (latex, reason, shapes) in derivation_rows(fence.body):
        reasons = fence.paragraphs(reason, fence.line + offset)
        if len(reasons) != 1:
            raise FenceError(
                "A line of the derivation has no reason.",
                "Write the formula, then ` :: ` and the reason.",
                offset,
            )
        lines.append(
            DerivationLine(latex, reasons[0], _shapes(shapes, offset), fence.line + offset)
        )
    facts = facts_of(fence.slug)
    return Derivation(name, tuple(lines), facts.scopes.get(name))


def _numbers(fence: Fence) -> WithNumbers:
    names = tuple(name for word in fence.words for name in word.split(",") if name)
    if not names:
        raise FenceError(
            "The block of numbers names no derivation.",
            "Write after `numbers` the derivation that it prepares.",
        )
    rows = []
    for offset, (latex, reason, shapes) in derivation_rows(fence.body):
        reasons = fence.paragraphs(reason, fence.line + offset)
        if shapes or len(reasons) > 1:
            raise FenceError(
                "A row of numbers cannot be read.", "Write: formula :: reason.", offset
            )
        rows.append(NumberRow(latex, reasons[0] if reasons else (), fence.line + offset))
    if len(rows) < 2:
        raise FenceError(
            "The block of numbers has no row that computes anything.",
            "Write the given values into the first row, and below it what follows from them.",
        )
    return WithNumbers(names, tuple(rows))


def derivation_rows(body: str) -> list[tuple[int, tuple[str, str, str]]]:
    """The rows of a derivation or of a block of numbers.

    A line that begins with two spaces continues the one before.
    """
    joined: list[tuple[int, str]] = []
    for offset, line in enumerate(body.splitlines(), start=1):
        if not line.strip():
            continue
        if line.startswith("  ") and joined:
            joined[-1] = (joined[-1][0], f"{joined[-1][1]} {line.strip()}")
        else:
            joined.append((offset, line.strip()))
    rows = []
    for offset, line in joined:
        parts = [part.strip() for part in line.split(" :: ")]
        if len(parts) > 3 or not parts[0]:
            raise FenceError(
                "A line of the block cannot be read.",
                "Write: formula :: reason, or formula :: reason :: shapes.",
                offset,
            )
        formula, reason, shapes = [*parts, "", ""][:3]
        refuse_undrawable(formula, offset)
        rows.append((offset, (formula, reason, shapes)))
    if not rows:
        raise FenceError("The block has no lines.", "Write one formula per line.")
    return rows


def _shapes(text: str, offset: int) -> tuple[tuple[str, str], ...]:
    pairs = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        factor, colon, shape = part.rpartition(" : ")
        if not colon:
            raise FenceError(
                f"The shape {part!r} cannot be read.",
                "Write: factor : shape; factor : shape.",
                offset,
            )
        for formula in (factor, shape):
            refuse_undrawable(formula, offset)
        pairs.append((factor.strip(), shape.strip()))
    return tuple(pairs)


def _predict(fence: Fence) -> Predict:
    later = fence.words[1:] == (LATER,)
    name = fence.words[0] if later else _only_name(fence, "question")
    values = facts_of(fence.slug).questions.get(name)
    if values is None:
        known = facts_of(fence.slug).questions
        mend = f"Write its answer into QUESTIONS of facts.py; known there: {_listed(known)}."
        raise FenceError(
            f"The facts of the lesson have no question {name!r}.",
            f"{did_you_mean(name, known)} {mend}".strip(),
        )
    text = _question_text(fence)
    prompt = fence.paragraphs(text.prompt, fence.line + 1)
    if not prompt:
        raise FenceError(f"The question {name!r} has no text.", "Write the question in the block.")
    question = joined(values, text)
    if later and not isinstance(question, ChoiceQuestion):
        raise FenceError(
            f"The prediction {name!r} is no choice.", "Give it options, and Choice(…) in facts.py."
        )
    return Predict(name, prompt, question, fence.slug, later)


def _question_text(fence: Fence) -> QuestionText:
    """The prose of a question; what stands in its fields is read, so that it can be read later."""
    text = read_question_text(fence.body)
    for field in text.fields:
        for number, part in enumerate(field.parts):
            is_latex = number in LATEX_PARTS.get(field.kind, ())
            for formula in (part,) if is_latex else formulas_in(part):
                refuse_undrawable(formula, field.offset)
            # Reading is slow: only where something can be wrong in it.
            if "](" in part or part.count("$") % 2 or (not number and _bare(field, part)):
                fence.paragraphs(part, fence.line + field.offset)
    return text


def _bare(field: Field, text: str) -> bool:
    """Whether a LaTeX command stands in the prose of a field outside of formulas and code."""
    return field.kind in ("slip", "hint", "explain", "option", "right option") and bool(
        "\\" in text and re.search(r"\\[A-Za-z]", _SET_OFF.sub("", text))
    )


def _mistake(fence: Fence) -> FindMistake:
    name = _only_name(fence, "mistake")
    facts = facts_of(fence.slug)
    if name not in facts.mistakes:
        known = _listed(facts.mistakes)
        mend = f"Write its programs into MISTAKES of mistakes.py; known there: {known}."
        raise FenceError(
            f"The lesson has no mistake {name!r}.",
            f"{did_you_mean(name, facts.mistakes)} {mend}".strip(),
        )
    text = _question_text(fence)
    prompt = fence.paragraphs(text.prompt, fence.line + 1)
    if not prompt:
        raise FenceError(f"The mistake {name!r} has no text.", "Say what the program is for.")
    text.allow("mistake", ("name", "explain", "line", "hint"), once=("name", "explain"))
    mistake = Mistake(
        name=name,
        title=text.must_have("name", "mistake", "Write `name: …`: what the mistake is called."),
        module=f"{package_of(fence.slug)}.mistakes",
        program=facts.mistakes[name],
        explanation=text.must_have(
            "explain",
            "mistake",
            "Write `explain: …`: what the faulty line does, and the right one.",
        ),
        feedback={field.title: field.part(0) for field in text.of("line")},
        hints=tuple(field.part(0) for field in text.of("hint")),
    )
    _refuse_missing_lines(mistake, text)
    return FindMistake(name, prompt, mistake, fence.slug)


def _refuse_missing_lines(mistake: Mistake, text: QuestionText) -> None:
    """Both programs must be there, and each line that something is said about."""
    try:
        shown, _ = (source_lines(mistake, version) for version in Version)
    except SourceError as error:
        program = mistake.program
        raise FenceError(
            str(error), f"mistakes.py needs both programs, faulty_{program} and {program}."
        ) from None
    answers = faulty_lines(mistake)
    seen: set[int] = set()
    for field in text.of("line"):
        at = [
            number
            for number, line in enumerate(shown, 1)
            if field.title and field.title in line and not line.lstrip().startswith('"""')
        ]
        problem, mend = "", 'Write: line "a piece of the line": why it is right.'
        if not at:
            problem = f"The faulty program has no line with {field.title!r}."
        elif len(at) > 1:
            problem = f"The faulty program has {len(at)} lines with {field.title!r}."
            mend = "Write a longer piece, which only the line that you mean has."
        elif at[0] in answers:
            problem = f"The line with {field.title!r} is the faulty one, or stands at the fault."
            mend = "`line` is said about a line that is right. `explain` speaks of the faulty one."
        elif at[0] in seen:
            problem, mend = f"Two fields speak of the line with {field.title!r}.", "Keep one."
        if problem:
            raise FenceError(problem, mend, field.offset)
        seen.update(at)


def _code(fence: Fence) -> Code:
    target = _name(fence, "code block")
    if target.startswith("programs:"):
        target = f"{package_of(fence.slug)}.{target}"
    words = fence.words[1:]
    if words not in ((), ("run",), ("run", "varies")):
        raise FenceError(
            f"{' '.join(words)!r} is not known here.",
            "Write `run` after the name, or `run varies` if the output differs between machines.",
        )
    try:
        load_source(target)
    except BrokenSourceError as error:
        problem = f"This is not valid Python ({error.why})."
        raise LessonError(error.path, error.line, problem, "Fix it.") from None
    except SourceError as error:
        mend = "Name it as package.module:name."
        if target.startswith(package_of(fence.slug)):
            mend = "Correct the name here, or define it in that file."
        raise FenceError(str(error), mend) from None
    return Code(target, bool(words), fence.caption(), "varies" in words)


def _lab(fence: Fence) -> Lab:
    name = _name(fence, "lab")
    labs = known_labs()
    if labs is None:
        return Lab(name, fence.options(None), fence.caption())
    if name not in labs:
        near = did_you_mean(name, labs)
        known = f"The labs are {', '.join(labs)}."
        raise FenceError(f"No lab is called {name!r}.", f"{near} {known}".strip())
    return Lab(name, fence.options(labs[name]), fence.caption())


def _training(fence: Fence) -> Training:
    name = _name(fence, "training")
    try:
        recipe = find_recipe(name)
        options = fence.options(frozenset(p.name for p in recipe.hyperparameters))
        for key, value in options:
            recipe.hyperparameter(key).parse(value)
    except SettingError as error:
        raise FenceError(str(error), "Correct the block.") from None
    return Training(name, options, fence.caption())


def _exercise(fence: Fence) -> WriteExercise:
    from lessons.exercises.catalog import find_exercise  # NumPy, which few lessons need to be read

    name = _only_name(fence, "exercise")
    try:
        exercise = find_exercise(name)
    except LessonError:  # an exercise that cannot be read: this lesson is not to blame
        raise
    except UserError as error:
        raise FenceError(str(error), "Name a folder of lessons/exercises/course.") from None
    if exercise.name != name:
        raise FenceError(
            f"The exercise {name!r} is written {exercise.name!r}.", f"Write {exercise.name}."
        )
    return WriteExercise(name, fence.caption())


def _listing(fence: Fence) -> Listing:
    if fence.words:
        raise FenceError("A listing has no name.", "Leave out the words after `listing`.")
    return Listing(fence.body.rstrip("\n"))


_READERS: Mapping[str, Callable[[Fence], Block]] = {
    "derivation": _derivation,
    "numbers": _numbers,
    "predict": _predict,
    "mistake": _mistake,
    "code": _code,
    "lab": _lab,
    "training": _training,
    "exercise": _exercise,
    "figure": read_figure,
    "listing": _listing,
}
