"""The derivations of a lesson in the plain dialogue: the learner gives reasons, lines, factors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _

if TYPE_CHECKING:
    from lessons.derive.tasks import Asked, Task
    from lessons.format.document import Derivation, Lesson
    from lessons.judge.verdicts import Verdict
    from lessons.learner.progress import Progress
    from tui.page.spoken import Formulas

HELP = _("""\
Type a letter where there is something to choose from, else a formula: LaTeX, or plain signs such
as W_ij^(l) * sigma'(z_i). Besides an answer you can type:
  show    the answer                 skip    the next derivation
  help    these words                quit    stop; what you answered is saved.""")


class Lines:
    """One walk through derivations of a lesson, each for one round."""

    def __init__(
        self,
        lesson: Lesson,
        how: Formulas,
        progress: Progress | None,
        say: Callable[[str], None],
        listen: Callable[[], str | None],
    ) -> None:
        """Answers and rounds are saved to `progress`, if there is one."""
        self.lesson, self.how, self.progress = lesson, how, progress
        self.say, self.listen = say, listen

    def run(self, name: str = "") -> bool:
        """Ask one derivation, or all of them; whether the learner went through to the end."""
        found = list(derivations_of(self.lesson))
        if name:
            known = ", ".join(block.name for _step, block in found) or "–"
            found = [pair for pair in found if pair[1].name == name]
            if not found:
                text = _("The lesson {lesson} has no derivation {name}. It has {names}.")
                raise UserError(text.format(lesson=self.lesson.slug, name=repr(name), names=known))
        return all(self._derivation(step, block) for step, block in found)

    def _derivation(self, step: int, block: Derivation) -> bool:
        from lessons.derive.tasks import asked
        from lessons.judge.verdicts import Verdict
        from lessons.learner.derivations import finish_round, rounds_of
        from lessons.learner.seed import seed_of
        from tui.page.faded import end_text, place_text
        from tui.page.spoken import words

        slug = self.lesson.slug
        rounds = rounds_of(self.progress, slug, block.name) if self.progress else 0
        seed = seed_of(self.progress) if self.progress else ""
        found = asked(self.lesson, step, block, seed, rounds)
        tasks = found.tasks()
        title = words(self.lesson.steps[step].title, self.how)
        text = _("Derivation {name}, step {step}: {title}")
        self.say("")
        self.say(text.format(name=block.name, step=step + 1, title=title))
        verdicts: list[Verdict] = []
        first = shown = 0
        for place, task in enumerate(tasks):
            self.say(place_text(found, place, len(tasks)))
            for line in self._lines(found, task, shown):
                self.say(line)
            shown = task.line
            verdict, tries = self._ask(found, task)
            if verdict is None:
                return False
            if verdict is Verdict.SKIPPED:
                return True
            verdicts.append(verdict)
            first += verdict is Verdict.RIGHT and tries == 1
        right = verdicts.count(Verdict.RIGHT)
        counts = bool(tasks) and right == len(tasks)
        if self.progress is not None and tasks:
            finish_round(self.progress, slug, block.name, verdicts)
        self.say(end_text(found, right, len(tasks), counts=counts, first=first))
        return True

    def _lines(self, found: Asked, task: Task, shown: int) -> Iterator[str]:
        """The lines from the last one asked on, and the question about the covered one."""
        from lessons.derive.tasks import Kind
        from lessons.judge.verdicts import LETTERS
        from tui.page.faded import covered, prompt
        from tui.page.spoken import maths, said, words

        for number in range(shown, task.line):
            line = found.block.lines[number]
            why = words(line.reason, self.how)
            yield f"{number + 1}. {maths(line.latex, self.how)}" + (f" ({why})" if why else "")
        hidden = covered(found, task)
        reason = found.block.lines[task.line].reason
        why = "?" if hidden.hides_reason else words(reason, self.how)
        yield f"{task.line + 1}. {maths(hidden.latex, self.how)}" + (f" ({why})" if why else "")
        yield prompt(task)
        for letter, option in zip(LETTERS, task.options, strict=False):
            is_reason = task.kind is Kind.REASON
            text = said(option, found.lesson.slug, self.how) if is_reason else ""
            yield f"{letter}) {text or maths(option.strip('$'), self.how)}"

    def _ask(self, found: Asked, task: Task) -> tuple[Verdict | None, int]:
        """Ask until the line is settled; None where the learner stops."""
        from lessons.derive.judging import judge, reveal
        from lessons.judge.verdicts import Verdict
        from lessons.learner.derivations import log_name
        from tui.page.spoken import diagnosis_words

        tries = 0
        while True:
            text = self.listen()
            if text is None or (word := text.casefold()) == "quit":
                return None, tries
            if word in ("", "help", "?"):
                self.say(HELP)
                continue
            if word == "skip":
                return Verdict.SKIPPED, tries
            diagnosis = reveal(found, task) if word == "show" else judge(found, task, text, tries)
            for line in diagnosis_words(diagnosis, found.lesson.slug, self.how):
                self.say(line)
            if diagnosis.verdict is Verdict.UNREADABLE:
                continue
            tries += diagnosis.verdict is not Verdict.SHOWN
            if self.progress is not None:
                self.progress.answer(
                    found.lesson.slug,
                    log_name(found.block.name, task.line),
                    "" if word == "show" else text,
                    diagnosis.verdict,
                    diagnosis.slip,
                )
            if diagnosis.verdict.settles:
                return diagnosis.verdict, tries


def derivations_of(lesson: Lesson) -> Iterator[tuple[int, Derivation]]:
    """Each derivation of a lesson, with the step that holds it, counted from 0."""
    from lessons.format.document import Derivation

    for place, step in enumerate(lesson.steps):
        for block in step.blocks:
            if isinstance(block, Derivation):
                yield place, block
