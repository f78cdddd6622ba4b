"""Text in scripts that write no blanks between words, such as Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lessons.format.characters import is_wide
from lessons.format.document import Span, Style, Text

_PROSE = (Style.PLAIN, Style.STRONG, Style.EMPHASIS, Style.LESSON, Style.CLAIM)


def closed_up(spans: Sequence[Span]) -> Text:
    """The spans without the blanks that the end of a line left between two wide characters."""
    prose = [span.style in _PROSE for span in spans]
    if not any(wide and not span.text.isascii() for wide, span in zip(prose, spans, strict=True)):
        return tuple(spans)
    # What is no prose keeps its blanks, and those beside it.
    characters = "".join(
        span.text if is_prose else "\0" * len(span.text)
        for span, is_prose in zip(spans, prose, strict=True)
    )
    found: list[Span] = []
    at = 0
    for span in spans:
        kept = "".join(
            character
            for place, character in enumerate(span.text, start=at)
            if not (character == " " and _between_wide(characters, place))
        )
        at += len(span.text)
        if kept:
            found.append(replace(span, text=kept))
    return tuple(found)


def _between_wide(text: str, place: int) -> bool:
    """Whether the blank at a place stands between two wide characters."""
    before, after = text[:place].rstrip(" "), text[place:].lstrip(" ")
    return bool(before and after) and is_wide(before[-1]) and is_wide(after[0])
