"""The version that `--version` says is that of the package."""

from __future__ import annotations

import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from engine.version import VERSION
from tui import start

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))


def test_the_installed_package_has_it() -> None:
    assert version("dltutor") == VERSION


def test_it_is_written_in_one_place() -> None:
    assert "version" not in PROJECT["project"]
    assert PROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "engine.version.VERSION"}


@pytest.mark.parametrize("word", ["--version", "-V"])
def test_it_is_said(
    word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["dltutor", word])
    assert start.main() == 0
    assert capsys.readouterr().out == f"dltutor {VERSION}\n"
