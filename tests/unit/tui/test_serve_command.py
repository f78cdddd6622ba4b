"""`dltutor serve`: sentences for what cannot be served, and who needs a token; all without it."""

from __future__ import annotations

import argparse
import shlex
import socket
import sys
from pathlib import Path

import pytest

from engine.errors import UserError
from tests.cases import for_each
from tui.cli import main
from tui.commands.serve import add_arguments
from tui.serving.gate import Gate
from tui.serving.running import address_to_open, gate_of, listen


def _args(**given: object) -> argparse.Namespace:
    return argparse.Namespace(**{"token": None, "public_url": None, **given})


def _said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["serve", *words]) == 2
    return capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    # In a clone, the extra is that of the clone: the name alone may be unknown to pip.
    clone = Path(__file__).parents[3]
    assert f"Run: pip install -e {shlex.quote(f'{clone}[serve]')}" in _said(capsys)
    monkeypatch.setattr("tui.commands.serve.__file__", str(tmp_path / "tui" / "x" / "serve.py"))
    assert "Run: pip install 'dltutor[serve]'" in _said(capsys)


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert f"Port {port} of 127.0.0.1 is taken" in _said(capsys, "--port", str(port))


def test_an_address_that_is_not_ours(capsys: pytest.CaptureFixture[str]) -> None:
    assert "not an address of this machine" in _said(capsys, "--host", "192.0.2.7")
    told = _said(capsys, "--host", "a name\x1b[2J with spaces")
    assert "There is no address" in told
    assert "\x1b" not in told


@for_each(
    "words",
    [
        ["--port", "65536"], ["--port", "-1"], ["--port", "x"], ["--visitors", "0"],
        ["--trainings", "-1"], ["--idle", "0"], ["--idle", "nan"], ["--idle", "inf"],
    ],
)  # fmt: skip
def test_numbers_out_of_bounds(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", *words])
    assert ended.value.code == 2
    assert "is wanted" in capsys.readouterr().err


def test_minutes_may_have_the_minus_sign_that_the_program_shows() -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert parser.parse_args(["--idle", "5e−1"]).idle == 0.5


def test_on_this_machine_no_token_is_needed() -> None:
    assert gate_of(_args(), "127.0.0.1") == Gate(is_local=True)
    assert gate_of(_args(), "::1").token == ""
    assert gate_of(_args(token="mine"), "127.0.0.1").token == "mine"


def test_elsewhere_there_is_always_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {gate_of(_args(), address).token for address in ("0.0.0.0", "::", "10.0.0.1")}
    assert len(made) == 3
    assert "" not in made
    behind = gate_of(_args(public_url="https://class.example.org/"), "127.0.0.1")
    assert behind.token
    assert behind.is_secure
    monkeypatch.setenv("DLTUTOR_TOKEN", "from the variable")
    assert gate_of(_args(), "0.0.0.0").token == "from the variable"
    assert gate_of(_args(token="given"), "0.0.0.0").token == "given"


def test_a_short_token_is_pointed_out(capsys: pytest.CaptureFixture[str]) -> None:
    gate_of(_args(token="short"), "0.0.0.0")
    assert "the token is short" in capsys.readouterr().err


@for_each(
    "given",
    [{"token": ""}, {"token": "  "}, {"public_url": "class.example.org"},
     {"public_url": "https://a/b"}, {"public_url": "javascript://a"}],
)  # fmt: skip
def test_what_makes_no_sense(given: dict[str, str]) -> None:
    with pytest.raises(UserError):
        gate_of(_args(**given), "0.0.0.0")


def test_the_address_to_open() -> None:
    assert address_to_open(Gate(True), "127.0.0.1", 8000) == "http://127.0.0.1:8000/"
    assert address_to_open(Gate(True), "::1", 80) == "http://[::1]:80/"
    guarded = Gate(False, "a&b c/ö")
    assert (
        address_to_open(guarded, "10.0.0.1", 80) == "http://10.0.0.1:80/?token=a%26b%20c%2F%C3%B6"
    )
    outside = Gate(False, "t", "https://class.example.org")
    assert address_to_open(outside, "0.0.0.0", 80) == "https://class.example.org/?token=t"


def test_a_free_port() -> None:
    with listen("127.0.0.1", 0) as line:
        assert line.getsockname()[1] > 0
