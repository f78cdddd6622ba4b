"""What the terminal can do, and what stands in the way of the screens."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

LEAST_COLUMNS, LEAST_ROWS = 80, 24
"""The size that every step is written for."""
_SIGNS = "∂E/∂w₁ ≈ σ′ │ ▁▂▃"
_MULTIPLEXERS = {"TMUX": "tmux", "STY": "screen", "ZELLIJ": "zellij"}


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal as its variables and its size describe it."""

    term: str
    """`$TERM`, or empty."""
    colorterm: str
    """`$COLORTERM`, or empty."""
    columns: int | None
    """None where neither input nor output is a terminal."""
    rows: int | None
    colors: str
    """`truecolor`, `256`, `16` or `none`."""
    encoding: str
    """Of what Python prints."""
    locale: str
    """The variable that decides the locale, `LC_ALL=…`, `LC_CTYPE=…` or `LANG=…`; or empty."""
    unicode: bool
    """Whether the signs of the lessons can be printed and the locale is UTF-8."""
    multiplexer: str | None
    ssh: bool

    def problems(self) -> list[str]:
        """Plain sentences: what stands in the way and what to do."""
        problems = []
        if self.term in ("", "dumb"):
            said = "TERM=dumb" if self.term else "TERM is not set"
            problems.append(
                f"The terminal says that it cannot draw screens ({said}). Use another terminal, or"
                " read lessons with `dltutor show LESSON`."
            )
        if self.columns is not None and self.rows is not None and self._is_small():
            problems.append(
                f"The terminal is {self.columns}×{self.rows}, and lessons are laid out for"
                f" {LEAST_COLUMNS}×{LEAST_ROWS}. Enlarge the window or make its font smaller."
            )
        if not self.unicode:
            said = self.locale or "none is set"
            problems.append(
                f"The locale is not a UTF-8 one ({said}), so mathematical signs may not be shown."
                " Set one, for example with `export LC_ALL=C.UTF-8`."
            )
        return problems

    def _is_small(self) -> bool:
        return (self.columns or 0) < LEAST_COLUMNS or (self.rows or 0) < LEAST_ROWS


def inspect_terminal(environment: Mapping[str, str] | None = None) -> Terminal:
    """Describe the terminal that this process has, from its variables and file descriptors."""
    given = os.environ if environment is None else environment
    term, colorterm = given.get("TERM", ""), given.get("COLORTERM", "")
    size = _size()
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    locale = _locale(given)
    return Terminal(
        term=term,
        colorterm=colorterm,
        columns=size.columns if size else None,
        rows=size.lines if size else None,
        colors=_colors(term, colorterm, given),
        encoding=encoding,
        locale=locale,
        unicode=_prints_signs(encoding) and (os.name == "nt" or _is_utf8(locale)),
        multiplexer=next((name for key, name in _MULTIPLEXERS.items() if given.get(key)), None),
        ssh=any(given.get(key) for key in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")),
    )


def _size() -> os.terminal_size | None:
    """The size of the first of stdout, stderr and stdin that is a terminal."""
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            size = os.get_terminal_size(stream.fileno()) if stream is not None else None
        except (OSError, ValueError):
            continue
        if size is not None and size.columns and size.lines:
            return size
    return None


def _colors(term: str, colorterm: str, given: Mapping[str, str]) -> str:
    if given.get("NO_COLOR") or term in ("", "dumb"):
        return "none"
    if colorterm.lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return "truecolor"
    return "256" if "256color" in term or term.startswith("xterm-kitty") else "16"


def _locale(given: Mapping[str, str]) -> str:
    """The variable that decides, by the order that POSIX gives."""
    for key in ("LC_ALL", "LC_CTYPE", "LANG"):
        if given.get(key):
            return f"{key}={given[key]}"
    return ""


def _is_utf8(locale: str) -> bool:
    charset = locale.partition("@")[0].lower().replace("-", "")
    return charset.endswith("utf8")


def _prints_signs(encoding: str) -> bool:
    try:
        _SIGNS.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
