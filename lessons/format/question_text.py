r"""The prose of a question or mistake, as its fence has it.

First the prompt, then fields, each at the start of a line. A line that starts with two spaces
continues a field. The parts of a field are separated by ` :: `.

    How many times as probable as class 2 is class 4?

    right: \frac{p_4}{p_2} = \frac{\exp(z_4)}{\exp(z_2)}
    slip scores-divided "the scores divided": Divide their exponentials. :: \frac{z_4}{z_2}
    hint idea: …
    explain: …
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lessons.format.fence import FenceError

KINDS = (
    "right option", "option", "slip", "hint", "explain", "right", "wrong", "item", "factor",
    "formula", "line", "name",
)  # fmt: skip
"""All fields; each kind of question has some of them."""
_FIELD = re.compile(
    rf"(?P<kind>{'|'.join(KINDS)})"
    r"(?P<words>(?: +[\w-]+)*)(?: +\"(?P<title>[^\"]*)\")?:(?: +|$)(?P<rest>.*)"
)
_LOOKS_LIKE_FIELD = re.compile(r"(?P<word>\w[\w-]*)(?: +[\w-]+)*(?: +\"[^\"]*\")?:(?: .*|$)")
_NARROW = str.maketrans({"：": ": ", "“": '"', "”": '"', "＂": '"', "　": " "})
"""Signs that are easily typed for those of a field while text with wide characters is written."""
SEPARATOR = " :: "
LATEX_PARTS: Mapping[str, tuple[int, ...]] = {
    "right": (0,), "formula": (0,), "factor": (0,), "slip": (1, 2), "wrong": (1, 2),
    "option": (2, 3), "right option": (2, 3),
}  # fmt: skip
"""Which parts of a field are formulas; all others are prose."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a fence: `slip sign "the sign turned round": text :: line`."""

    kind: str
    words: tuple[str, ...]
    """What is between the kind and the title."""
    title: str
    parts: tuple[str, ...]
    offset: int
    """Lines below the opening of the fence."""

    def part(self, number: int) -> str:
        """One of the parts; empty if there are fewer."""
        return self.parts[number] if number < len(self.parts) else ""

    @property
    def slip(self) -> str:
        """The id of the slip that it names: `slip ID` or `option slip ID`."""
        words = self.words[1:] if self.words[:1] == ("slip",) else self.words
        return words[0] if words and (self.kind == "slip" or self.words[0] == "slip") else ""


@dataclass(frozen=True, slots=True)
class QuestionText:
    """The prompt as Markdown, and the fields in order."""

    prompt: str
    fields: tuple[Field, ...]

    def of(self, *kinds: str) -> Iterator[Field]:
        """The fields of some kinds."""
        return (field for field in self.fields if field.kind in kinds)

    def one(self, kind: str) -> str:
        """The text of the only field of a kind; empty if there is none."""
        return next((field.part(0) for field in self.of(kind)), "")

    def must_have(self, kind: str, what: str, mend: str) -> str:
        """The text of the only field of a kind; raises FenceError if there is none."""
        found = self.one(kind)
        if not found:
            offset = next((field.offset for field in self.of(kind)), 0)
            raise FenceError(f"The {what} has no {kind!r}.", mend, offset)
        return found

    def allow(self, what: str, kinds: Sequence[str], once: Sequence[str] = ()) -> None:
        """Reject fields that a kind of block does not have, or may have only once."""
        seen: set[str] = set()
        for field in self.fields:
            if field.kind not in kinds:
                raise FenceError(
                    f"A {what} has no field {field.kind!r}.",
                    f"Its fields are {', '.join(kinds)}.",
                    field.offset,
                )
            if field.kind in once and field.kind in seen:
                raise FenceError(f"There are two fields {field.kind!r}.", "Keep one.", field.offset)
            seen.add(field.kind)


def read_question_text(body: str) -> QuestionText:
    """Split the body of a fence into prompt and fields.

    Raises:
        FenceError: a line neither starts a field nor continues one.
    """
    prompt: list[str] = []
    found: list[tuple[re.Match[str], list[str], int]] = []
    for offset, line in enumerate(body.splitlines(), start=1):
        match = _FIELD.fullmatch(line)
        if match:
            found.append((match, [match["rest"]], offset))
        elif not found:
            _refuse_misspelt(line, offset)
            prompt.append(line)
        elif line.startswith("  "):
            found[-1][1].append(line.strip())
        elif line.strip():
            raise _no_field(line, offset)
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


def _refuse_misspelt(line: str, offset: int) -> None:
    """Reject a line of the prompt that is almost a field, such as `rihgt: …`."""
    match = _LOOKS_LIKE_FIELD.fullmatch(line)
    if match and match["word"].islower() and nearest(match["word"], KINDS):
        raise _no_field(line, offset)


def _no_field(line: str, offset: int) -> FenceError:
    match = _LOOKS_LIKE_FIELD.fullmatch(line)
    if match is None and line != (narrow := line.translate(_NARROW)) and _FIELD.match(narrow):
        return FenceError(
            "The colon or the quotes of a field are wide ones.",
            'Write them narrow, as in the English lesson: `slip NAME "its title": …`.',
            offset,
        )
    if match is None:
        begin = line if len(line) <= 30 else f"{line[:30].rstrip()}…"
        return FenceError(
            f"The line {begin!r} neither starts a field nor continues the one above.",
            "Start it with two spaces to continue, or with the name of a field and a colon.",
            offset,
        )
    near = nearest(match["word"], KINDS)
    mend = f"Did you mean {near!r}?" if near else f"The fields are {', '.join(KINDS)}."
    return FenceError(
        f"The field {match['word']!r} is not known.",
        f"{mend} A line that continues the field above starts with two spaces.",
        offset,
    )


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word that `word` seems to misspell; empty if there is none."""
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.74)), "")
