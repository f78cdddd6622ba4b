"""Lines that do not break at a no-break space, which Rich takes for a space like any other."""

from __future__ import annotations

import re

from rich import _wrap


def keep_no_break_spaces() -> None:
    """From now on, in every application of this process."""
    _wrap.re_word = re.compile(r"[^\S\u00a0\u202f]*[\S\u00a0\u202f]+[^\S\u00a0\u202f]*")
