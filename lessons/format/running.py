"""Running text: the emphasis, code, maths and links inside of a paragraph, a cell or a title."""

from __future__ import annotations

import re
from pathlib import Path

from markdown_it.token import Token

from engine.nearest import did_you_mean
from lessons.format.digits import is_number
from lessons.format.document import LessonError, Span, Style, Text
from lessons.format.drawable import MEND, why_undrawable
from lessons.format.facts import facts_of
from lessons.format.key_marks import MARK
from lessons.format.markdown import line_of, markdown
from lessons.format.wide import closed_up

_BARE = re.compile(r"\$|\\[A-Za-z]+")
"""A dollar sign that is not closed, or a LaTeX command without one."""


class RunningReader:
    """Reads running text of the lesson `slug`, which stands in the file `path`.

    What is said to a learner may quote what was typed: there, every sign may stand anywhere.
    """

    def __init__(self, path: Path, slug: str, *, quotes: bool = False) -> None:
        self.path, self.slug = path, slug
        self.quotes = quotes

    def fail(self, line: int, problem: str, mend: str) -> LessonError:
        return LessonError(self.path, line, problem, mend)

    def paragraphs(self, text: str, line: int = 1) -> tuple[Text, ...]:
        """Running text that stands outside of the document's own flow: captions, reasons.

        It begins in that line of the file.
        """
        found = [token for token in markdown().parse(text) if token.type == "inline"]
        for token in found:
            token.map = [at + line - 1 for at in token.map or (0, 1)]
        return tuple(map(self.inline, found))

    def inline(self, token: Token) -> Text:
        spans: list[Span] = []
        styles: list[Style] = []
        target = ""
        line = line_of(token)
        for child in token.children or ():
            style = styles[-1] if styles else Style.PLAIN
            match child.type:
                case "text":
                    self.refuse_bare(child.content, line)
                    number = None
                    if style is Style.NUMBER:
                        self.refuse_no_number(child.content, target, line)
                        number = facts_of(self.slug).number(target)
                    spans.append(Span(child.content, style, target, compute=number))
                case "softbreak":
                    line += 1
                    spans.append(Span(" ", style, target))
                case "hardbreak":
                    spans.append(Span("\n", style, target))
                case "code_inline":
                    spans.append(_code(child.content))
                case "math_inline":
                    if not self.quotes:
                        self.refuse_undrawable(child.content, line)
                    spans.append(Span(child.content, Style.MATH, line=line))
                case "strong_open":
                    styles.append(Style.STRONG)
                case "em_open":
                    styles.append(Style.EMPHASIS)
                case "link_open":
                    style, target = self.link(child, token)
                    styles.append(style)
                case "strong_close" | "em_close" | "link_close":
                    styles.pop()
                    target = "" if child.type == "link_close" else target
                case _:
                    raise self.fail(
                        line_of(token),
                        f"{child.type!r} has no place in running text.",
                        "Use bold, emphasis, code, maths and links.",
                    )
        return closed_up([span for span in spans if span.text])

    def refuse_no_number(self, text: str, target: str, line: int) -> None:
        """Refuse a link to a computed number that stands on words."""
        if not is_number(text):
            raise self.fail(
                line,
                f"“{text}” is no number, but links to the number {target!r}.",
                f"Write only its digits between the brackets: [6](number:{target}).",
            )

    def refuse_bare(self, text: str, line: int) -> None:
        """Refuse what belongs into a formula, and stands in plain words."""
        if not self.quotes and (found := _BARE.search(text)):
            raise self.fail(
                line,
                f"“{found[0]}” stands outside of a formula.",
                "Put $ directly before and after each formula; write other dollar signs as `code`.",
            )

    def refuse_undrawable(self, latex: str, line: int) -> None:
        """Refuse a formula that cannot be drawn."""
        if why := why_undrawable(latex):
            raise self.fail(line, why, MEND)

    def link(self, child: Token, token: Token) -> tuple[Style, str]:
        href = str(child.attrGet("href") or "")
        kind, _, target = href.partition(":")
        if kind == "number":
            facts = facts_of(self.slug)
            if facts.number(target) is None:
                near = did_you_mean(target, [*facts.numbers, *facts.questions])
                mend = "Write what computes it into NUMBERS of facts.py."
                raise self.fail(
                    line_of(token),
                    f"No number of the lesson is called {target!r}.",
                    f"{near} {mend}".strip(),
                )
            return Style.NUMBER, target
        if kind == "claim":
            return Style.CLAIM, target
        if kind == "lesson":
            return Style.LESSON, target
        raise self.fail(
            line_of(token),
            f"The link {href!r} leads nowhere.",
            "Link to number:NAME, claim:NAME or lesson:SLUG.",
        )


def _code(text: str) -> Span:
    """A piece of code, or a key of the program."""
    key = MARK.fullmatch(text)
    return Span(key[1], Style.KEY, key[2]) if key else Span(text, Style.CODE)
