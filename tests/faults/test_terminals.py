"""What is sent to terminals that understand little, and that `doctor` and the screens agree."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import termios
import time

import pytest
from rich.console import Console

from tests.unit import warm
from tui.terminal import answers_queries, has_plain_font, inspect_terminal, settle

APPLE = {"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}
SSH = {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}

TERMINALS = {
    "xterm": ({"TERM": "xterm-256color"}, "256"),
    "truecolor": ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
    "screen": ({"TERM": "screen-256color", "STY": "1.pts", "COLORTERM": "truecolor"}, "256"),
    "old screen": ({"TERM": "screen", "STY": "1.pts", "COLORTERM": "truecolor"}, "16"),
    "tmux": ({"TERM": "tmux-256color", "TMUX": "/s", "COLORTERM": "truecolor"}, "truecolor"),
    "alacritty by SSH": ({"TERM": "alacritty", **SSH}, "truecolor"),
    "direct": ({"TERM": "xterm-direct"}, "truecolor"),
    "linux": ({"TERM": "linux"}, "16"),
    "vt100": ({"TERM": "vt100", "COLORTERM": "truecolor"}, "none"),
    "dumb": ({"TERM": "dumb"}, "none"),
    "empty NO_COLOR": ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
    "NO_COLOR": ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"),
}
RICH = {"truecolor": "truecolor", "256": "256", "standard": "16", None: "none"}


@pytest.mark.parametrize("name", TERMINALS)
def test_doctor_tells_what_the_screens_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given, colors = TERMINALS[name]
    assert inspect_terminal(given).colors == colors
    settled = dict(given)
    settle(settled)
    console = Console(force_terminal=True, _environ=settled)
    drawn = "none" if console.no_color else RICH[console.color_system]
    assert drawn == colors


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (APPLE, False),
        (APPLE | SSH, False),
        ({"TERM": "xterm-256color"} | SSH, False),
        ({"TERM": "linux"}, False),
        ({"TERM": "vt100"}, False),
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "xterm-kitty"} | SSH, True),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"} | SSH, True),
        ({"TERM": "tmux-256color", "TMUX": "/s"} | SSH, True),
    ],
)
def test_who_is_asked_what_it_can_do(given: dict[str, str], asked: bool) -> None:
    assert answers_queries(given) is asked


@pytest.mark.parametrize(("term", "plain"), [("linux", True), ("vt220", True), ("vte", False)])
def test_plain_fonts(term: str, plain: bool) -> None:
    assert has_plain_font(term) is plain


PROGRAM = """
import os, sys
os.login_tty(int(sys.argv[1]))
from tui.cli import main
sys.exit(main(["linear/model"]))
"""


@pytest.mark.skipif(not hasattr(os, "login_tty"), reason="there are no pseudo-terminals here")
def test_no_stray_letters_and_plain_signs_on_a_poor_terminal() -> None:
    environment = {**os.environ, "TERM": "linux"}
    environment.pop("COLORTERM", None)
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = warm.start(["-c", PROGRAM, str(slave)], pass_fds=[slave], env=environment, tidy=False)
    os.close(slave)
    seen, until = b"", time.monotonic() + 60
    try:
        while b"\x1b[?1049h" not in seen or b"Help" not in seen:
            assert time.monotonic() < until, seen[-500:]
            if select.select([master], [], [], 0.05)[0]:
                seen += os.read(master, 65536)
        os.write(master, b"\x11")  # ctrl+q
        while select.select([master], [], [], 5)[0]:
            try:
                seen += os.read(master, 65536)
            except OSError:
                break
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(master)
    assert b"$p" not in seen
    text = seen.decode(errors="replace")
    assert not any("\u2800" < character <= "\u28ff" for character in text), "braille"
