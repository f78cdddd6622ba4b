r"""The prose of a question or mistake, as its fence holds it.

First the prompt, then fields, each at the beginning of a line; a line that begins with two blanks
goes on. Parts of a field are parted by ` :: `.

    How many times as probable is class 4?

    right: \frac{p_4}{p_2} = \frac{\exp(z_4)}{\exp(z_2)}
    slip scores-divided "the scores divided": Divide their exponentials. :: \frac{z_4}{z_2}
    hint idea: …
    explain: …
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FIELD = re.compile(
    r"(?P<kind>right option|option|slip|hint|explain|right|wrong|item|factor|formula|line|name)"
    r"(?P<words>(?: +[\w-]+)*)(?: +\"(?P<title>[^\"]*)\")?:(?: +|$)(?P<rest>.*)"
)
SEPARATOR = " :: "


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a fence: `slip sign "the sign turned round": text :: line`."""

    kind: str
    words: tuple[str, ...]
    """What stands between the kind and the title."""
    title: str
    parts: tuple[str, ...]
    offset: int
    """Lines below the opening of the fence."""

    def part(self, number: int) -> str:
        """One of the parts; empty where there are fewer."""
        return self.parts[number] if number < len(self.parts) else ""

    @property
    def slip(self) -> str:
        """The id of the slip that it names: `slip ID` or `option slip ID`."""
        words = self.words[1:] if self.words[:1] == ("slip",) else self.words
        return words[0] if words and (self.kind == "slip" or self.words[0] == "slip") else ""


@dataclass(frozen=True, slots=True)
class QuestionText:
    """The prompt as Markdown, and the fields in their order."""

    prompt: str
    fields: tuple[Field, ...]

    def of(self, *kinds: str) -> Iterator[Field]:
        """The fields of some kinds."""
        return (field for field in self.fields if field.kind in kinds)

    def one(self, kind: str) -> str:
        """The text of the only field of a kind; empty where there is none."""
        return next((field.part(0) for field in self.of(kind)), "")


def read_question_text(body: str) -> QuestionText:
    """Cut the body of a fence into prompt and fields."""
    prompt: list[str] = []
    found: list[tuple[re.Match[str], list[str], int]] = []
    for offset, line in enumerate(body.splitlines(), start=1):
        match = _FIELD.fullmatch(line)
        if match:
            found.append((match, [match["rest"]], offset))
        elif found and line.startswith("  "):
            found[-1][1].append(line.strip())
        elif not found:
            prompt.append(line)
        elif line.strip():
            found[-1][1].append(line.strip())
    fields = tuple(
        Field(
            match["kind"],
            tuple(match["words"].split()),
            match["title"] or "",
            tuple(part.strip() for part in " ".join(lines).split(SEPARATOR)),
            offset,
        )
        for match, lines, offset in found
    )
    return QuestionText("\n".join(prompt).strip(), fields)
