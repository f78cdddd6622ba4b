"""`dltutor serve`: the course in a browser, for a class or a tablet."""

from __future__ import annotations

import argparse
import os
import shlex
from functools import partial
from pathlib import Path

from engine.errors import UserError
from engine.language import _
from engine.naming import typed
from tui.commands import Command

COMMAND = Command(
    "serve",
    _("serve the course to browsers"),
    place=25,
    description=_("""\
Serve the course to browsers, for a class or a tablet. Open the address that it prints. It needs
more packages: `pip install 'dltutor[serve]'`, or in a clone `pip install -e '.[serve]'`.

It runs until you press ctrl+c. Then all visits end, and each saves what it has.

  dltutor serve                                    for yourself, on this machine
  dltutor serve --host 0.0.0.0                     for a class, with a new token
  dltutor serve --host 0.0.0.0 --token our-class   with a token of your own

Only this machine can connect, unless you give --host. Then visitors need a token: that of --token
or $DLTUTOR_TOKEN, or a new one, which is printed as part of the address. The connection is not
encrypted. In a network that you do not trust, put a proxy with HTTPS in front, and give its address
with --public-url.

A cookie in the browser tells visitors apart. Each has their own progress, preferences and
trainings, in $XDG_STATE_HOME/dltutor/serve/visitors. Reloading the page goes on where the visitor
was. A visit ends when its page is closed, or when nothing is typed for --idle minutes. A training
that runs then is saved, and can be resumed.

Code that visitors write in exercises would run as you, on this machine. So it does not run, unless
you give --run-code.
"""),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS",
        help=_("address to listen on; 0.0.0.0 for all (default: 127.0.0.1, this machine only)"),
    )  # fmt: skip
    parser.add_argument(
        "--port", type=partial(_whole, 0, 65_535), default=8000, metavar="N",
        help=_("port to listen on; 0 for a free one (default: 8000)"),
    )  # fmt: skip
    parser.add_argument(
        "--token", metavar="TEXT",
        help=_("the token that visitors need (default: $DLTUTOR_TOKEN; with --host, a new one)"),
    )  # fmt: skip
    parser.add_argument(
        "--public-url", metavar="URL",
        help=_("address of the proxy in front, such as https://class.example.org (default: none)"),
    )  # fmt: skip
    parser.add_argument(
        "--visitors", type=partial(_whole, 1, 1000), default=30, metavar="N",
        help=_("how many visitors there may be at once (default: 30)"),
    )  # fmt: skip
    parser.add_argument(
        "--trainings", type=partial(_whole, 0, 1000), default=2, metavar="N",
        help=_("how many trainings may run at once, of all visitors together (default: 2)"),
    )  # fmt: skip
    parser.add_argument(
        "--idle", type=_minutes, default=60.0, metavar="MIN",
        help=_("end a visit after so many minutes without a key (default: 60)"),
    )  # fmt: skip
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR",
        help=_("folder that holds FashionMNIST/ and MNIST/"),
    )  # fmt: skip
    parser.add_argument(
        "--run-code", action="store_true",
        help=_("run the Python that visitors write in exercises, as you, on this machine"),
    )  # fmt: skip


def _whole(least: int, most: int, text: str) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
        told = _("a whole number is wanted, from {least} to {most}, not {text}")
        told = told.format(least=least, most=most, text=repr(text))
        raise argparse.ArgumentTypeError(told)
    return int(text)


def _minutes(text: str) -> float:
    try:
        found = float(typed(text))
    except ValueError:
        found = 0.0
    if not 0.01 <= found <= 100_000:
        raise argparse.ArgumentTypeError(
            _("a number of minutes is wanted, from 0.01 to 100000, not {text}").format(
                text=repr(text)
            )
        )
    return found


def _install() -> str:
    """The command that installs the extra: in a clone, from the clone."""
    root = Path(__file__).parents[2]
    if not (root / "pyproject.toml").is_file():
        return "pip install 'dltutor[serve]'"
    # Whoever works in a clone has installed it so that edits count, and it stays that way.
    return f"pip install -e {shlex.quote(f'{root}[serve]')}"


def run(args: argparse.Namespace) -> int:
    """Serve until the program is told to end."""
    if not hasattr(os, "fork"):
        raise UserError(_("`dltutor serve` needs Linux or macOS."))
    try:
        import aiohttp  # noqa: F401
        import textual_serve  # noqa: F401
    except ImportError as error:
        told = _("`dltutor serve` needs more packages ({name}). Run: {command}")
        raise UserError(told.format(name=error.name, command=_install())) from None
    from tui.serving.running import serve

    return serve(args)
