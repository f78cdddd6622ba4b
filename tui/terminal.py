"""What the terminal can do, and what prevents the screens from working."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping
from typing import NamedTuple

from engine.language import _

LEAST_COLUMNS, LEAST_ROWS = 80, 24
"""The size that every step is designed for."""
_SIGNS = "∂E/∂w₁ ≈ σ′ │ ▁▂▃"
_ALL_COLORS = ("alacritty", "foot", "xterm-kitty", "xterm-ghostty", "wezterm", "contour")
"""Beginnings of `$TERM` of terminals that draw all colours."""
_MULTIPLEXERS = {"TMUX": "tmux", "STY": "screen", "ZELLIJ": "zellij"}


class Terminal(NamedTuple):
    """A terminal as described by its variables and its size."""

    term: str
    """`$TERM`, or empty."""
    colorterm: str
    """`$COLORTERM`, or empty."""
    columns: int | None
    """None if neither input nor output is a terminal."""
    rows: int | None
    colors: str
    """`truecolor`, `256`, `16` or `none`."""
    encoding: str
    """The encoding of Python's output."""
    locale: str
    """The variable that sets the locale, `LC_ALL=…`, `LC_CTYPE=…` or `LANG=…`; or empty."""
    unicode: bool
    """Whether the signs of the lessons can be printed and the locale is UTF-8."""
    multiplexer: str | None
    ssh: bool

    def problems(self) -> list[str]:
        """Plain sentences: what is wrong and what to do about it."""
        problems = []
        if self.term in ("", "dumb"):
            said = "TERM=dumb" if self.term else _("TERM is not set")
            problems.append(
                _(
                    "The terminal reports that it cannot draw screens ({reason}). Use another"
                    " terminal, or read lessons with `dltutor show LESSON`."
                ).format(reason=said)
            )
        if self.columns is not None and self.rows is not None and self._is_small():
            problems.append(
                _(
                    "The terminal is {size}, and lessons are laid out for {least}. Enlarge the"
                    " window or use a smaller font."
                ).format(size=f"{self.columns}×{self.rows}", least=f"{LEAST_COLUMNS}×{LEAST_ROWS}")
            )
        if not self.unicode:
            said = self.locale or _("none is set")
            problems.append(
                _(
                    "The locale does not use UTF-8 ({locale}), so mathematical signs may not be"
                    " displayed. Set one that does, for example with `export LC_ALL=C.UTF-8`."
                ).format(locale=said)
            )
        return problems

    def _is_small(self) -> bool:
        return (self.columns or 0) < LEAST_COLUMNS or (self.rows or 0) < LEAST_ROWS


def settle(given: MutableMapping[str, str]) -> None:
    """Make the variables say what the terminal can do, once for screens, charts and `doctor`.

    An empty NO_COLOR means not set (no-color.org), which Textual sees differently. GNU screen
    hands on the COLORTERM of the terminal around it, whose colours it cannot send. Some terminals
    are known for all colours, but SSH does not hand their COLORTERM on; a VT100 has none at all.
    """
    if not given.get("NO_COLOR", "unset"):
        del given["NO_COLOR"]
    term = given.get("TERM", "")
    if given.get("STY") and not given.get("TMUX") and not term.endswith("-direct"):
        given.pop("COLORTERM", None)
    elif term.startswith(_ALL_COLORS) or term.endswith("-direct"):
        given.setdefault("COLORTERM", "truecolor")
    elif is_vt(term):
        given.pop("COLORTERM", None)
        given["NO_COLOR"] = "1"


def is_vt(term: str) -> bool:
    """Whether `$TERM` names a terminal without colours, such as `vt100`."""
    return term.startswith("vt") and term[2:3].isdecimal()


def has_plain_font(term: str) -> bool:
    """Whether only signs that every font has can be drawn: the Linux console, and a VT100."""
    return term == "linux" or is_vt(term)


def answers_queries(given: Mapping[str, str]) -> bool:
    """Whether a question about a mode (`CSI ? … $ p`) is understood, or at least not displayed.

    Terminal.app displays the `p`. It says who it is, but SSH does not hand that on: there, a
    terminal that says nothing but xterm is not asked. The Linux console and a VT100 display it too.
    """
    term = given.get("TERM", "")
    if given.get("TERM_PROGRAM") == "Apple_Terminal" or has_plain_font(term):
        return False
    is_anyone = term.startswith(("xterm", "nsterm")) and not term.startswith(_ALL_COLORS)
    says_more = given.get("COLORTERM") or given.get("LC_TERMINAL") or given.get("TMUX")
    return not (is_remote(given) and is_anyone and not says_more)


def is_remote(given: Mapping[str, str]) -> bool:
    """Whether the terminal is at the other end of SSH."""
    return any(given.get(key) for key in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def inspect_terminal(environment: Mapping[str, str] | None = None) -> Terminal:
    """Describe the terminal of this process from its variables and file descriptors."""
    given = dict(os.environ if environment is None else environment)
    settle(given)
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
        ssh=is_remote(given),
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
    if colorterm.strip().lower() in ("truecolor", "24bit"):
        return "truecolor"
    # As Rich sees it, which colours the screens.
    return "256" if term.rpartition("-")[2] in ("256color", "kitty") else "16"


def _locale(given: Mapping[str, str]) -> str:
    """The variable that sets the locale, in the order of POSIX."""
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
