"""Judge answers to a question without opening the screens."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _
from engine.nearest import did_you_mean
from tui.commands import Command

if TYPE_CHECKING:
    from lessons.format.document import Lesson
    from lessons.judge.verdicts import Diagnosis

COMMAND = Command(
    "judge",
    _("judge answers to a question without the screens"),
    place=35,
    description=_("""\
Judge answers to a question as the screens would, without opening them.

QUESTION is the name of the question in the lesson's file; LESSON/QUESTION is understood, too.
mistake:NAME is a faulty program: answer with the number of a line. Options have the letters of the
file: a is the first one. Negative answers such as -0.5 may stand as they are.

With --json: a list of {answer, verdict, slip, text}, one for each answer. verdict is right, slip,
wrong or unreadable; slip is the id of a known mistake, or null. Nothing is logged."""),
)

_USAGE = "dltutor judge LESSON QUESTION ANSWER... [--json]"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.usage = _USAGE
    parser.add_argument("--json", action="store_true", help=_("print a JSON list"))
    # Not three arguments: argparse would take an answer such as -1e-3 for an option.
    parser.add_argument(
        "words", nargs=argparse.REMAINDER, metavar="LESSON QUESTION ANSWER...",
        help=_("a lesson, its question, and answers: backprop/forward forward_z_h2 0.39 0.3925"),
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Judge the answers."""
    words, as_json = _sorted_words(args.json, args.words)
    if words is None:
        print(f"usage: {_USAGE}\n\n{COMMAND.description}")
        return 0
    if len(words) < 3:
        raise UserError(
            _("Give a lesson, a question and one answer or more: {usage}").format(usage=_USAGE)
        )
    from lessons.format.catalog import COURSE, catalog
    from lessons.proof.supervised import told_in

    slug, name, *answers = words
    with told_in(catalog().entry(slug).path or COURSE):
        said = _said(slug, name, answers, as_json)
    print(said)
    return 0


def _said(slug: str, name: str, answers: Sequence[str], as_json: bool) -> str:
    """What is printed about the answers."""
    lesson, judged = _judge_for(slug, name)
    found = [(answer, judged(answer)) for answer in answers]
    if as_json:
        rows = [_row(answer, diagnosis, lesson.slug) for answer, diagnosis in found]
        return json.dumps(rows, ensure_ascii=False, indent=1)
    lines: list[str] = []
    for answer, diagnosis in found:
        slip = f" {diagnosis.slip}" if diagnosis.slip else ""
        lines.append(f"{answer}: {diagnosis.verdict.value}{slip}")
        lines.append(f"    {_plain(diagnosis.message, lesson.slug)}")
    return "\n".join(lines)


def _sorted_words(as_json: bool, words: Sequence[str]) -> tuple[list[str] | None, bool]:
    """The lesson, the question and the answers; and whether JSON is wanted. None to ask for help.

    What comes after `--` is taken as it is.
    """
    found: list[str] = []
    plain = False
    for word in words:
        if plain:
            found.append(word)
        elif word == "--":
            plain = True
        elif word in ("-h", "--help"):
            return None, as_json
        elif word == "--json" or word.startswith("--json="):
            as_json = True
            # A negative number behind it was joined to it.
            found.extend(filter(None, [word.partition("=")[2]]))
        elif word.startswith("--") and word[2:3].isalpha():
            raise UserError(
                _("There is no option {option}. The only one is --json.").format(option=word)
            )
        else:
            found.append(word)
    return found, as_json


def _judge_for(slug: str, name: str) -> tuple[Lesson, Callable[[str], Diagnosis]]:
    """The lesson, and what judges an answer to its question or mistake of that name."""
    from lessons.format.catalog import catalog
    from lessons.format.document import Predict
    from lessons.judge.answers import judge
    from lessons.learner.report import log_name, questions_of

    lesson = catalog().load(slug)
    wanted = name.removeprefix(f"{lesson.slug}/").removeprefix(f"{lesson.slug}:")
    known = {log_name(block): block for _place, block in questions_of(lesson, predictions=True)}
    block = known.get(wanted) or known.get(f"mistake:{wanted}")
    if block is None:
        hint = did_you_mean(wanted, known) or _("Its questions are {names}.").format(
            names=", ".join(known) or "–"
        )
        told = _("The lesson {lesson} has no question {question}.").format(
            lesson=repr(lesson.slug), question=repr(name)
        )
        raise UserError(f"{told} {hint}")
    if isinstance(block, Predict):
        question = block.question
        return lesson, lambda answer: judge(question, answer)
    mistake = block.mistake
    return lesson, lambda answer: _judge_line(mistake, answer)


def _judge_line(mistake: object, answer: str) -> Diagnosis:
    from lessons.judge.evidence import Mistake
    from lessons.judge.mistakes import judge
    from lessons.judge.verdicts import Diagnosis, Verdict

    assert isinstance(mistake, Mistake)
    try:
        return judge(mistake, int(answer))
    except ValueError:
        return Diagnosis(Verdict.UNREADABLE, _("Answer with the number of a line."))


def _row(answer: str, diagnosis: Diagnosis, slug: str) -> dict[str, str | None]:
    return {
        "answer": answer,
        "verdict": diagnosis.verdict.value,
        "slip": diagnosis.slip or None,
        "text": _plain(diagnosis.message, slug),
    }


def _plain(message: str, slug: str) -> str:
    """What is said, with its maths and numbers drawn, on one line."""
    from lessons.format.parser import running_text
    from tui.page.lines import GLUE
    from tui.page.prose import pieces

    text = "".join(text for text, _ink in pieces(running_text(message, slug)))
    return " ".join(text.replace(GLUE, " ").split())
