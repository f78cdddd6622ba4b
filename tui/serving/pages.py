"""The pages that a browser shows: the terminal, and a few sentences."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

from engine.language import _, language

STATIC = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".ttf": "font/ttf",
    ".png": "image/png",
}
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self';"
    " img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""Nothing is fetched from anywhere but this server."""
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""What every answer carries."""

KEYS = (
    ("←", "\x1b[D"), ("→", "\x1b[C"), ("↑", "\x1b[A"), ("↓", "\x1b[B"), ("tab", "\t"),
    ("enter", "\r"), ("esc", "\x1b"), ("?", "?"), ("g", "g"), ("s", "s"),
)  # fmt: skip
"""What a tablet without a keyboard shows below the terminal."""


def files(textual_serve: Path) -> dict[str, tuple[bytes, str]]:
    """What is served as it is, by its name, with its type; read once, so no path is ever joined.

    `textual_serve` is the folder of the static files of textual-serve.
    """
    found: dict[str, tuple[bytes, str]] = {}
    for root in (textual_serve, STATIC):
        for path in sorted(root.rglob("*")):
            kind = _TYPES.get(path.suffix)
            if kind is not None and path.is_file():
                found[path.relative_to(root).as_posix()] = (path.read_bytes(), kind)
    return found


def course(address: str, font_size: int) -> str:
    """The page with the terminal, which connects to `address`; the font's size is in pixels."""
    keys = "".join(
        f'<button type="button" data-keys="{escape(repr(sent)[1:-1])}">{escape(label)}</button>'
        for label, sent in KEYS
    )
    size = f' data-font-size="{font_size}"' if font_size else ""
    opening, ended = (
        _("The course is being opened …"),
        _("The visit has ended. What you did is saved."),
    )
    again = _("Go on")
    return _page(
        f"""
<div class="dialog intro-dialog"><p>{escape(opening)}</p></div>
<div class="dialog closed-dialog" role="alertdialog">
<p id="reason">{escape(ended)}</p>
<button type="button" id="again">{escape(again)}</button></div>
<div id="terminal" class="textual-terminal" data-session-websocket-url="{escape(address)}"
{size}></div>
<div id="keys">{keys}</div>""",
        head="""
<link rel="stylesheet" href="/static/css/xterm.css">
<script src="/static/js/textual.js"></script>
<script src="/static/page.js"></script>""",
    )


def message(text: str) -> str:
    """A page that says a sentence, and lets the visitor try again."""
    again = _("Try again")
    button = f'<a class="button" href="/">{escape(again)}</a>'
    return _page(f'<main class="said"><p>{escape(text)}</p>{button}</main>')


def ask_for_token(text: str) -> str:
    """A page that says a sentence, and asks for the token."""
    name, enter = _("token"), _("Enter")
    return _page(
        f"""<main class="said"><p>{escape(text)}</p>
<form method="get" action="/"><input name="token" type="password" autocomplete="off"
 aria-label="{escape(name)}" autofocus> <button>{escape(enter)}</button></form></main>"""
    )


@cache
def _style() -> str:
    return (STATIC / "page.css").read_text("utf-8")


def _page(body: str, head: str = "") -> str:
    return f"""<!DOCTYPE html>
<html lang="{language()}"><head><meta charset="utf-8"><title>dltutor</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>{_style()}</style>{head}
</head><body>{body}
</body></html>
"""
