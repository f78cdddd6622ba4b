"""The screens inside the real tmux and the real GNU screen, which hand on an outer COLORTERM."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.terminal import ROOT, TIMEOUT, environment

WANTED = "What a house costs"
COMMAND = [sys.executable, "-m", "tui.cli", "linear/model"]


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    """A home, sockets of its own, and the COLORTERM of a terminal outside."""
    sockets = tmp_path / "sockets"
    sockets.mkdir(mode=0o700)
    given = {"COLORTERM": "truecolor", "SCREENDIR": str(sockets), "PYTHONPATH": str(ROOT)}
    return environment(tmp_path, **given)


def wait(look: list[str], env: dict[str, str], drawn: Path | None = None) -> str:
    """Look again and again until the lesson is there; what is drawn."""
    until = time.monotonic() + TIMEOUT
    while time.monotonic() < until:
        told = subprocess.run(look, env=env, capture_output=True, text=True, check=False).stdout
        if drawn is not None:
            time.sleep(0.1)
            told = drawn.read_text("latin-1") if drawn.exists() else ""
        if WANTED in told and "Help" in told:
            return told
        time.sleep(0.2)
    raise AssertionError(f"the lesson was never drawn: {told!r}")


@pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")
def test_tmux(given: dict[str, str], tmp_path: Path) -> None:
    # Of two servers, each with its socket: one that is about to end would take the next session.
    tried, tmux = (
        ["tmux", "-S", str(tmp_path / name), "-f", os.devnull] for name in ("tried", "tmux")
    )
    if subprocess.run(
        [*tried, "new-session", "-d", "sleep", "9"], env=given, check=False
    ).returncode:
        pytest.skip("tmux itself does not start here")
    subprocess.run([*tried, "kill-server"], env=given, check=True)
    subprocess.run(
        [*tmux, "new-session", "-d", "-x", "80", "-y", "24", *COMMAND], env=given, check=True
    )
    try:
        drawn = wait([*tmux, "capture-pane", "-p", "-e"], given)
        assert "\x1b[38;2;" in drawn, "tmux draws all colours, or the nearest that there are"
        assert "ŷ = w₁x₁" in wait([*tmux, "capture-pane", "-p"], given)
        subprocess.run([*tmux, "send-keys", "C-q"], env=given, check=True)
        until = time.monotonic() + TIMEOUT
        while subprocess.run([*tmux, "ls"], env=given, capture_output=True, check=False).stdout:
            assert time.monotonic() < until, "it did not end"
            time.sleep(0.1)
    finally:
        subprocess.run([*tmux, "kill-server"], env=given, capture_output=True, check=False)


@pytest.mark.skipif(shutil.which("screen") is None, reason="there is no GNU screen here")
def test_gnu_screen(given: dict[str, str], tmp_path: Path) -> None:
    screen, copy, log = ["screen", "-S", "faults"], tmp_path / "copy", tmp_path / "log"
    settings = tmp_path / "screenrc"
    settings.write_text("logfile flush 0\n")
    words = ["-c", str(settings), "-U", "-L", "-Logfile", str(log), "-dm", "-T", "screen-256color"]
    subprocess.run([*screen, *words, *COMMAND], env=given, check=True)
    try:
        drawn = wait([*screen, "-X", "hardcopy", str(copy)], given, copy)
        assert "2026" not in drawn, "no stray letters of a question to the terminal"
        sent = log.read_bytes()
        assert WANTED.encode() in sent
        assert b";2;" not in sent, "these colours it cannot draw"
    finally:
        subprocess.run([*screen, "-X", "quit"], env=given, capture_output=True, check=False)
