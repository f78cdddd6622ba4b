"""The reason of a line among reasons of other lines, none of which may be right here as well.

No program knows why a line follows. What can be told is what a line changes: a reason is offered
as a wrong one only where it shares no word with the right one, defines nothing that comes or goes
in this line, and speaks of derivatives only where the line neither makes nor takes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from lessons.format.document import Derivation, DerivationLine, Lesson, Style, Text, plain_text

_SAY_NOTHING = frozenset(
    re.findall(
        r"\w+",
        "the and of a an in on by for with from to is are it its no only each every all one two "
        "that this both same so as at be not then here there their what which has does do part "
        "parts side sides step stays stay",
    )
)
_VAGUE = re.compile(
    r"^(the same|both|found|as |and so|read off|here|these|put |for |again|once more|one step|"
    r"in update|after|add |times|multiply|divide|collect|split|pull|take|factor|group|remove|"
    r"square|two |one |minus|half|nothing|multiply|powers|common|definitions? of \\|with |write|"
    r"what |error|everything|rules? |cancel|half)"
    r"|\b(above|last step|result|rule for|back to|without writing|cancels?|read backwards)\b",
    re.IGNORECASE,
)
_DERIVING = re.compile(r"chain|deriv|differen|slope|power rule|quotient|product rule|gradient")
_DERIVATIVE = re.compile(r"\\partial|\\nabla|\\frac\{d|'|(?<![A-Za-z\\])d[A-Zfx]|\bd\\,|\\prime")
_GENERIC = re.compile(r"definition|chain rule|product rule|quotient rule|logarithm|transpose|trace")
_TOKEN = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
_DRESS = frozenset({r"\frac", r"\partial", r"\mathrm", r"\hat", r"\left", r"\right", r"\mathbf",
                    r"\suppose", r"\sum", r"\top", r"\bar", r"\tilde", r"\text"})  # fmt: skip
_AKIN = {
    word: group.split()[0]
    for group in (
        "transp revers swap swaps turn",
        "slope deriv deriva differ gradie delta jacobi power",
        "produc factor multip times rows row column entry entrie sum sums",
        "defini model rule output input weight loss",
        "logari log-su softma expone",
        "consta drop depend affect contai",
    )
    for word in group.split()
}
"""Words that speak of one thing, cut as in `stems`: each stands for the first of its group."""
MOST = 2
"""Wrong reasons that are offered."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason, and the line that it stands at."""

    text: Text
    latex: str
    derivation: str
    line: int
    """Counted from 1."""

    @property
    def plain(self) -> str:
        """The reason without its markup, for comparing and typing."""
        return plain_text(self.text).strip()


def reasons_of(lesson: Lesson) -> Iterator[Reason]:
    """Every reason that stands in a lesson."""
    for step in lesson.steps:
        for block in step.blocks:
            if isinstance(block, Derivation):
                for number, line in enumerate(block.lines, start=1):
                    if plain_text(line.reason).strip():
                        yield Reason(line.reason, line.latex, block.name, number)


def wrong_reasons(
    block: Derivation, line: int, pool: Sequence[Reason], random: Random
) -> tuple[Reason, ...]:
    """At most two reasons that are wrong for a line (counted from 0), those of its own first."""
    own = block.lines[line]
    before = block.lines[line - 1].latex if line else ""
    near = [reason for reason in pool if reason.derivation == block.name]
    far = [reason for reason in pool if reason.derivation != block.name]
    random.shuffle(near)
    random.shuffle(far)
    found: list[Reason] = []
    for reason in (*near, *far):
        known = {plain_text(own.reason).strip(), *(other.plain for other in found)}
        if reason.plain not in known and is_wrong_for(reason, own, before):
            found.append(reason)
        if len(found) == MOST:
            break
    return tuple(found)


def is_wrong_for(reason: Reason, line: DerivationLine, before: str) -> bool:
    """Whether a reason can be told to be wrong for a line that comes after `before`."""
    own = plain_text(line.reason)
    is_named = _GENERIC.search(reason.plain) or _GENERIC.search(own)
    if _VAGUE.search(own.strip()) and not is_named:
        return False  # what such a line does, no reason says: only another operation is safe
    if _is_vague(reason.plain) or stems(line.reason) & stems(reason.text):
        return False
    if _DERIVING.search(reason.plain) and (
        _DERIVING.search(own) or _count(before) != _count(line.latex)
    ):
        return False
    return not (_named(reason.text) & _moved(before, line.latex))


def _is_vague(plain: str) -> bool:
    return bool(_VAGUE.search(plain)) and not plain.startswith("definition of")


def stems(text: Text) -> frozenset[str]:
    """The words of a reason that say something, without their endings."""
    words = " ".join(span.text for span in text if span.style is not Style.MATH).lower()
    found = {word for word in re.findall(r"[a-z]{3,}", words) if word not in _SAY_NOTHING}
    found = {word[:6].rstrip("s") for word in found}
    return frozenset(_AKIN.get(word, word) for word in found)


def _named(text: Text) -> frozenset[str]:
    """The symbols in the formulas of a reason."""
    return frozenset(
        token
        for span in text
        if span.style is Style.MATH
        for token in _TOKEN.findall(span.text)
        if token not in _DRESS
    )


def _moved(before: str, now: str) -> frozenset[str]:
    """The symbols that stand more or less often in a line than in the one before it."""
    one, other = _TOKEN.findall(before), _TOKEN.findall(now)
    return frozenset(t for t in {*one, *other} if one.count(t) != other.count(t)) - _DRESS


def _count(latex: str) -> int:
    return len(_DERIVATIVE.findall(latex))
