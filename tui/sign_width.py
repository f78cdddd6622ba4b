"""How many cells a terminal draws for a sign of ambiguous width, as CJK terminals draw two."""

from __future__ import annotations

import os
import re
import select
import sys
import time

from engine.language import _

SIGN = "│"
"""One cell wide here; two where a terminal takes the signs of Unicode's class A for wide ones."""
QUESTION = f"\x1b[H{SIGN}\x1b[6n"
"""Asks where the cursor is after the sign, which the first picture then covers."""
PATIENCE = 0.5
"""Seconds for which an answer is waited for."""
_ANSWER = re.compile(rb"\x1b\[\d+;(\d+)R")


def drawn_cells() -> int | None:
    """Ask the terminal, by where the cursor is after a sign: 1 or 2; None if it does not say.

    The line is empty again afterwards. What was typed meanwhile is lost, and so is an answer that
    comes late: neither is to be read by a shell.
    """
    try:
        import termios
        import tty
    except ImportError:  # Windows draws these signs one cell wide
        return None
    try:
        source, target = sys.__stdin__.fileno(), sys.__stdout__.fileno()  # type: ignore[union-attr]
        before = termios.tcgetattr(source)
        # In the background the question would stop the program.
        if not os.isatty(target) or os.tcgetpgrp(source) != os.getpgrp():
            return None
    except (AttributeError, ValueError, OSError, termios.error):
        return None
    try:
        tty.setcbreak(source, termios.TCSANOW)
        try:
            os.write(target, b"\r" + SIGN.encode() + b"\x1b[6n")
            column = _answer(source)
            os.write(target, b"\r\x1b[K")
        finally:
            termios.tcsetattr(source, termios.TCSAFLUSH, before)
    except (OSError, termios.error):  # the terminal is gone
        return None
    return column - 1 if column in (2, 3) else None


def _answer(source: int) -> int:
    """The column that the terminal tells, counted from 1; 0 if it says nothing in time."""
    told, until = b"", time.monotonic() + PATIENCE
    while (left := until - time.monotonic()) > 0:
        if not select.select([source], [], [], left)[0]:
            break
        received = os.read(source, 256)
        told += received
        if found := _ANSWER.search(told):
            return int(found[1])
        if not received:
            break
    return 0


def told_cells(x: int, y: int) -> int | None:
    """What the answer to `QUESTION` says, a place counted from 0; None if it answers another."""
    return x if y == 0 and x in (1, 2) else None


def problem(cells: int | None) -> str:
    """What to do about signs that are two cells wide; empty where nothing is wrong."""
    if cells != 2:
        return ""
    return _(
        "The terminal draws signs such as α and × two cells wide. So that columns fit, frames and"
        " charts are drawn with plain signs. For finer ones, set characters of ambiguous width to"
        " narrow (single width) in the terminal's settings."
    )
