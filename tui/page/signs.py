"""Which signs formulas use: some fonts lack the pieces of tall sums and brackets."""

from __future__ import annotations

import os

from tui.terminal import has_plain_font

_plain = has_plain_font(os.environ.get("TERM", ""))


def use_plain_signs(plain: bool) -> None:
    """Draw formulas with signs that every font has, or with the full set."""
    global _plain  # one setting for the whole program, like the font
    _plain = plain


def plain_signs() -> bool:
    """Whether formulas are drawn with signs that every font has."""
    return _plain
