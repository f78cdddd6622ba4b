"""The key of a step: what the learner's progress calls it, wherever it stands in its lesson.

A key is made from the English title, `## The first step` → `the-first-step`. Where a title changes
after a release, a mark keeps the key that was released: `## Step one {#the-first-step}`. A
translated lesson has the keys of the English one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from lessons.format.slugs import MARK, slugged

_META = "step key"


@dataclass(frozen=True, slots=True)
class StepOutline:
    """What tells a step from the others without reading its blocks."""

    key: str
    signature: tuple[str, ...]
    """Its mark, its formulas and the names of its blocks: the same in every language."""


def step_key_plugin(reader: MarkdownIt) -> None:
    """Take the marks out of the titles, so that nothing shows them; `mark_of` returns them."""
    reader.core.ruler.before("inline", "step_key", _take_marks)


def _take_marks(state: StateCore) -> None:
    for heading, title in pairwise(state.tokens):
        if begins_step(heading) and (found := MARK.search(title.content)):
            title.content = title.content[: found.start()]
            heading.meta[_META] = found[1]


def begins_step(token: Token) -> bool:
    """Whether a token is the heading of a step."""
    return token.type == "heading_open" and token.tag == "h2"


def mark_of(heading: Token) -> str | None:
    """The key that is written behind a title; None where there is none."""
    mark = heading.meta.get(_META)
    return None if mark is None else str(mark)


def key_of(heading: Token, title: Token) -> str:
    """The key of the step with these two tokens; empty where its title has no letter or digit."""
    mark = mark_of(heading)
    if mark is not None:
        return mark
    children = title.children or ()
    return slugged(
        "".join(" " if child.type == "softbreak" else child.content for child in children)
    )


def outlines(tokens: Sequence[Token]) -> Iterator[StepOutline]:
    """The steps of a lesson in order."""
    starts = [at for at, token in enumerate(tokens) if begins_step(token)]
    for start, end in pairwise([*starts, len(tokens)]):
        heading, title, *rest = tokens[start:end]
        signature = [mark_of(heading) or ""]
        for token in rest:
            if token.type == "fence":
                signature.append(" ".join(token.info.split()))
            elif token.type == "math_block":
                signature.append("".join(token.content.split()))
        yield StepOutline(key_of(heading, title), tuple(signature))


def translated_keys(english: Sequence[StepOutline], translated: Sequence[StepOutline]) -> list[str]:
    """The key of each step of a translation.

    Steps in equal number are counterparts. If the translation is out of date, a step that has no
    counterpart gets a key that no English step can have.
    """
    if len(english) == len(translated):
        return [step.key for step in english]
    keys = [f"+{step.key}" for step in translated]
    signatures = [step.signature for step in english], [step.signature for step in translated]
    for a, b, size in SequenceMatcher(None, *signatures, autojunk=False).get_matching_blocks():
        keys[b : b + size] = [step.key for step in english[a : a + size]]
    return keys
