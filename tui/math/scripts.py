"""Small raised and lowered characters."""

from __future__ import annotations

import re

from tui.math.box import Box
from tui.math.spans import Span

SUPERSCRIPTS = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ⊤∗′",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡᵀ*′",
        strict=True,
    )
)
SUBSCRIPTS = dict(
    zip(
        "0123456789+−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
_INDEXED = re.compile(r"([^\W\d_]+)([0-9]+)(⁺?)")


def indexed(name: str) -> str:
    """A name with the number at its end lowered: `w12` gives `w₁₂`, `b1⁺` gives `b₁⁺`.

    One that has a number in its middle, too, stays as it is: two indices would read as one.
    """
    found = _INDEXED.fullmatch(name)
    if found is None:
        return name
    letters, index, mark = found.groups()
    return letters + "".join(SUBSCRIPTS[digit] for digit in index) + mark


def small(box: Box | None, table: dict[str, str]) -> Box | None:
    """The box in small characters; None unless all of its characters have a small form."""
    if box is None or len(box.rows) != 1 or not box.rows[0]:
        return None
    spans: list[Span] = []
    for span in box.rows[0]:
        letters = [table.get(letter) for letter in span.text]
        if None in letters:
            return None
        spans.append(Span("".join([letter for letter in letters if letter]), span.roles))
    return Box(box.width, (tuple(spans),))
