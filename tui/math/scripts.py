"""Small raised and lowered characters."""

from __future__ import annotations

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
