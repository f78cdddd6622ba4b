"""`dltutor practice`: the questions of a lesson as a plain dialogue."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _, plural
from tui.commands import Command
from tui.commands.shared_options import add_lesson

if TYPE_CHECKING:
    from lessons.format.document import FindMistake, Lesson, Predict
    from lessons.judge.verdicts import Diagnosis
    from lessons.learner.progress import Progress
    from tui.page.spoken import Formulas

COMMAND = Command(
    "practice",
    _("answer the questions of a lesson in a plain dialogue"),
    place=32,
    description=_("""\
Answer the questions of a lesson in a plain dialogue, without screens: for screen readers, Braille
displays and pipes. The questions, the grader, the hints and the log are those of the screens.

Every formula stands on one line. Besides an answer you can type:
  read    the text of the step       proof   its derivations, checked on random numbers
  show    the answer                 skip    leave the question open
  back    the question before        help    these words
  derive  give the lines of the derivations of this lesson yourself
  quit    stop; what you answered is saved."""),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_lesson(parser)
    parser.add_argument(
        "--from", dest="start", metavar="QUESTION", help=_("begin with this question")
    )
    parser.add_argument(
        "--derive",
        nargs="?",
        const="",
        metavar="DERIVATION",
        help=_("give the reasons, lines and factors of its derivations, or of one of them"),
    )
    parser.add_argument(
        "--formulas", choices=["line", "latex"], default="line",
        help=_("write formulas on one line with signs, or as LaTeX (default: line)"),
    )  # fmt: skip
    parser.add_argument(
        "--no-log", action="store_true", help=_("do not save the answers to your progress")
    )


def run(args: argparse.Namespace) -> int:
    """Ask, judge, and say what was reached."""
    from lessons.format.catalog import catalog
    from lessons.learner.progress import Progress
    from tui.config import read_config
    from tui.key_names import use_keys
    from tui.page.spoken import Formulas

    use_keys(read_config().keys)
    lesson = catalog().load(args.lesson)
    progress = None if args.no_log else Progress()
    dialogue = Dialogue(lesson, Formulas(args.formulas), progress)
    try:
        if args.derive is not None:
            dialogue.derive(args.derive)
        else:
            dialogue.run(args.start)
    finally:
        if progress is not None:
            progress.close()
    return 0


class Dialogue:
    """One walk through the questions of a lesson."""

    def __init__(self, lesson: Lesson, how: Formulas, progress: Progress | None) -> None:
        """Answers are saved to `progress`, if there is one."""
        from lessons.learner.report import questions_of
        from lessons.learner.seed import new_seed, seed_of

        self.lesson, self.how, self.progress = lesson, how, progress
        self.seed = seed_of(progress) if progress is not None else new_seed()
        self.questions = list(questions_of(lesson))
        self.tries: dict[str, int] = {}
        self.right: set[str] = set()

    def run(self, start: str | None) -> None:
        """Ask from the question `start` on. Raises UserError where it is not known."""
        from lessons.learner.report import log_name

        names = [log_name(block) for _step, block in self.questions]
        if start is not None and start not in names:
            told = _("The lesson {lesson} has no question {question}. Its questions are {names}.")
            raise UserError(
                told.format(
                    lesson=self.lesson.slug, question=repr(start), names=", ".join(names) or "–"
                )
            )
        if not names:
            say(_("This lesson asks no questions. `dltutor show` prints it."))
            return
        count = plural("{count} question", "{count} questions", len(names))
        told = _("{lesson}: {questions}. Type help for the words that you can use.")
        say(told.format(lesson=self.lesson.title, questions=count))
        at: int | None = names.index(start) if start else 0
        while at is not None and at < len(names):
            at = self._ask(at)
        reached = _("{right} of {count} answered right.")
        say(reached.format(right=len(self.right), count=len(names)))

    def derive(self, name: str = "") -> bool:
        """Ask the lines of the derivations; whether the learner went through to the end.

        Raises UserError where a derivation has not this name.
        """
        from tui.commands.practice_lines import Lines, derivations_of

        if not any(derivations_of(self.lesson)):
            say(_("This lesson derives nothing."))
            return True
        return Lines(self.lesson, self.how, self.progress, say, listen).run(name)

    def _ask(self, at: int) -> int | None:
        """Ask until the question is settled; the place of the next one, None to stop."""
        from tui.page.spoken import question_words, words

        step, block = self.questions[at]
        title = words(self.lesson.steps[step].title, self.how)
        where = _("Question {number} of {count}, step {step}: {title}")
        say("")
        say(where.format(number=at + 1, count=len(self.questions), step=step + 1, title=title))
        for line in question_words(block, self.how, self._order(block)):
            say(line)
        while True:
            text = listen()
            if text is None:
                return None
            match text.casefold():
                case "quit" | "q":
                    return None
                case "":
                    say(_("Type an answer, or help."))
                case "help" | "?":
                    say(str(COMMAND.description).partition("\n\n")[2])
                case "read":
                    self._read(step)
                case "proof":
                    self._prove(step)
                case "derive":
                    if not self.derive():
                        return None
                    return at
                case "back":
                    return max(0, at - 1)
                case "skip":
                    self._log(block, "", self._skipped())
                    return at + 1
                case "show":
                    self._judge(block, "", shown=True)
                    return at + 1
                case _:
                    if self._judge(block, text):
                        return at + 1

    def _order(self, block: Predict | FindMistake) -> tuple[int, ...]:
        """The learner's own order of what there is to choose from, as on the screens."""
        from lessons.format.document import FindMistake
        from lessons.judge.shuffling import shown_order

        if isinstance(block, FindMistake):
            return ()
        return shown_order(block.question, f"{block.slug}/{block.name}", self.seed)

    def _skipped(self) -> Diagnosis:
        from lessons.judge.verdicts import Diagnosis, Verdict

        return Diagnosis(Verdict.SKIPPED, "")

    def _judge(self, block: Predict | FindMistake, text: str, *, shown: bool = False) -> bool:
        """Judge an answer, or show it; whether the question is settled."""
        from lessons.judge.verdicts import Verdict
        from lessons.learner.report import log_name
        from tui.page.spoken import diagnosis_words

        name = log_name(block)
        tries = self.tries.get(name, 0)
        order = self._order(block)
        diagnosis = _reveal(block, order) if shown else _judged(block, text, tries, order)
        self.tries[name] = tries + (diagnosis.verdict is Verdict.WRONG)
        for line in diagnosis_words(diagnosis, self.lesson.slug, self.how):
            say(line)
        if diagnosis.verdict is Verdict.RIGHT:
            self.right.add(name)
        if diagnosis.verdict is not Verdict.UNREADABLE:
            self._log(block, _kept(block, text, order), diagnosis)
        return diagnosis.verdict.settles

    def _log(self, block: Predict | FindMistake, text: str, diagnosis: Diagnosis) -> None:
        from lessons.learner.report import log_name

        if self.progress is not None:
            self.progress.answer(
                self.lesson.slug, log_name(block), text, diagnosis.verdict, diagnosis.slip
            )

    def _read(self, step: int) -> None:
        """The text of the step, without its questions."""
        from lessons.format.document import FindMistake, Predict
        from tui.page.spoken import block_words

        for block in self.lesson.steps[step].blocks:
            if not isinstance(block, Predict | FindMistake):
                for line in block_words(block, self.how):
                    say(line)

    def _prove(self, step: int) -> None:
        """The derivations of the step, each line with the result of its check."""
        found = False
        for line in _proofs(self.lesson, step, self.how):
            found = True
            say(line)
        if not found:
            say(_("This step derives nothing."))


def _kept(block: Predict | FindMistake, text: str, order: Sequence[int]) -> str:
    """What the log keeps: for an option its place in the file, as the screens do."""
    from lessons.format.document import FindMistake
    from lessons.judge.shuffling import kept

    return text if isinstance(block, FindMistake) else kept(block.question, text, order)


def _judged(block: Predict | FindMistake, text: str, tries: int, order: Sequence[int]) -> Diagnosis:
    from lessons.format.document import FindMistake
    from lessons.judge import mistakes
    from lessons.judge.answers import judge
    from lessons.judge.verdicts import Diagnosis, Verdict

    if not isinstance(block, FindMistake):
        return judge(block.question, text, tries, order)
    try:
        return mistakes.judge(block.mistake, int(text), tries)
    except ValueError:
        return Diagnosis(Verdict.UNREADABLE, _("Answer with the number of a line."))


def _reveal(block: Predict | FindMistake, order: Sequence[int]) -> Diagnosis:
    from lessons.format.document import FindMistake
    from lessons.judge import mistakes
    from lessons.judge.answers import reveal

    if isinstance(block, FindMistake):
        return mistakes.reveal(block.mistake)
    return reveal(block.question, order=order)


def _proofs(lesson: Lesson, step: int, how: Formulas) -> Iterator[str]:
    from engine.formulas.proving import prove_lines
    from engine.formulas.statements import read_lines
    from lessons.format.document import Derivation
    from lessons.format.scopes import notation_of
    from tui.page.spoken import block_words

    for block in lesson.steps[step].blocks:
        if not isinstance(block, Derivation):
            continue
        notation = notation_of(lesson, step, block)
        read = read_lines([line.latex for line in block.lines], notation)
        proofs = prove_lines(read, notation, block.name)
        for line, proof in zip(block_words(block, how), proofs, strict=True):
            result = _("holds on random numbers") if proof.ok else _("does not hold")
            yield f"{line}: {result}."


def say(text: str) -> None:
    """One line, at once: whoever listens through a pipe waits for it."""
    print(text, flush=True)


def listen() -> str | None:
    """A line of the learner, without blanks around it; None at the end of the input."""
    if sys.stdin is None:  # closed by whoever started this
        return None
    if sys.stdin.isatty():
        print(_("answer") + "> ", end="", flush=True)
    line = sys.stdin.readline()
    # Bytes that are not UTF-8 become "?", so that the log can hold them.
    return line.encode("utf-8", errors="replace").decode().strip() if line else None
