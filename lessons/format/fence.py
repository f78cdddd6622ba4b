"""A fenced block of a lesson, as written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.nearest import did_you_mean
from lessons.format.document import Text


class FenceError(ValueError):
    """What is wrong with a fence and how to fix it; `offset` counts lines below its opening."""

    def __init__(self, problem: str, mend: str, offset: int = 0) -> None:
        super().__init__(problem)
        self.problem, self.mend, self.offset = problem, mend, offset


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block, as written."""

    words: tuple[str, ...]
    """The words of the info string after the kind."""
    body: str
    slug: str
    """Slug of the lesson."""
    line: int
    paragraphs: Callable[[str, int], tuple[Text, ...]]
    """Reads Markdown as paragraphs of running text; the number is the line of the file where the
    text begins."""

    def caption(self) -> Text:
        """The body as one paragraph."""
        found = self.paragraphs(self.body, self.line + 1)
        if len(found) > 1:
            raise FenceError("The caption has several paragraphs.", "Write it as one paragraph.")
        return found[0] if found else ()

    def options(self, allowed: frozenset[str] | None) -> tuple[tuple[str, str], ...]:
        """The words after the first, `key=value`, as pairs; `allowed` None allows every key."""
        pairs: list[tuple[str, str]] = []
        for word in self.words[1:]:
            key, equals, value = word.partition("=")
            if not equals or not value:
                raise FenceError(f"The option {word!r} has no value.", "Write it as key=value.")
            if allowed is not None and key not in allowed:
                known = ", ".join(sorted(allowed)) or "none"
                mend = f"{did_you_mean(key, allowed)} Known options: {known}."
                raise FenceError(f"The option {key!r} is not known.", mend.strip())
            if key in dict(pairs):
                raise FenceError(f"The option {key!r} is there twice.", "Remove one of them.")
            pairs.append((key, value))
        return tuple(pairs)
