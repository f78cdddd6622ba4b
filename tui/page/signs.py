"""Which signs formulas are drawn with: some fonts lack the pieces of tall sums and brackets."""

from __future__ import annotations

import os

_plain = os.environ.get("TERM") == "linux"  # the console's own font has no such pieces


def use_plain_signs(plain: bool) -> None:
    """Draw formulas with signs that every font has, or with the better ones."""
    global _plain  # one setting for the whole program, as the font is
    _plain = plain


def plain_signs() -> bool:
    """Whether formulas are drawn with signs that every font has."""
    return _plain
