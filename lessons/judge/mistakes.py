"""Judge which line the learner names, and say what can be said about it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import _
from lessons.judge.evidence import Mistake, Version
from lessons.judge.lines import faulty_lines, source_lines
from lessons.judge.verdicts import Diagnosis, Verdict


def judge(mistake: Mistake, line: int, tries: int = 0) -> Diagnosis:
    """Judge a line, counted from 1, after `tries` wrong ones; each of them gives one hint more."""
    lines = source_lines(mistake, Version.FAULTY)
    if not 1 <= line <= len(lines):
        return Diagnosis(
            Verdict.UNREADABLE, _("The lines are 1 to {last}.").format(last=len(lines))
        )
    if line in faulty_lines(mistake):
        return Diagnosis(Verdict.RIGHT, solution(mistake))
    hints = (*mistake.hints, _place(mistake))
    hint = hints[min(tries, len(hints) - 1)]
    told = _("*Hint:* {hint}").format(hint=hint)
    return Diagnosis(Verdict.WRONG, f"{about_line(mistake, line)}  \n{told}")


def reveal(mistake: Mistake) -> Diagnosis:
    """The answer, for the learner who asks for it."""
    return Diagnosis(Verdict.SHOWN, solution(mistake))


def solution(mistake: Mistake) -> str:
    """What is wrong, with the numbers of the lines."""
    numbers = sorted(faulty_lines(mistake))
    listed = _(" and ").join(map(str, numbers))
    where = (_("Line {numbers}") if len(numbers) == 1 else _("Lines {numbers}")).format(
        numbers=listed
    )
    return f"{where}: **{mistake.title}.** {mistake.explanation}"


def about_line(mistake: Mistake, line: int) -> str:
    """What a line does right: its own sentence, or one for its kind."""
    text = source_lines(mistake, Version.FAULTY)[line - 1].strip()
    if text.startswith('"""'):
        return _("This line says what the program is meant to do. Another line does not do it.")
    for anchor, sentence in mistake.feedback.items():
        if anchor in text:
            return sentence
    if text.startswith("def "):
        return _("This line names the program and what it is given. Nothing is computed here.")
    if text.startswith(("return ", "yield ")):
        return _("This line returns what was computed before.")
    return _("This line does what it should.")


def _place(mistake: Mistake) -> str:
    """The last hint: the neighbourhood."""
    numbers = faulty_lines(mistake)
    last = len(source_lines(mistake, Version.FAULTY))
    return _("It is one of the lines {first} to {last}.").format(
        first=max(2, min(numbers) - 2), last=min(last, max(numbers) + 1)
    )


def said(mistake: Mistake) -> Iterator[str]:
    """Every text that the tutor may say about the mistake, as Markdown."""
    yield solution(mistake)
    yield from mistake.hints
    for line in range(1, len(source_lines(mistake, Version.FAULTY)) + 1):
        if line not in faulty_lines(mistake):
            yield about_line(mistake, line)
