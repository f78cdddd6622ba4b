"""The code that lessons show: found by name, also where a module has it from another one."""

from __future__ import annotations

import io
import sys

import pytest

from lessons.format.source import SourceError, load_source, run_source
from tests.cases import for_each


def prints(to: io.StringIO | None = None) -> None:
    file = io.StringIO() if to is None else to
    print("kept", file=file)
    print("a", 1, sep="-", end="!\n", file=sys.stdout, flush=True)
    print("warned", file=sys.stderr)
    print(file.getvalue().upper(), end="", file=None)


def misspells() -> None:
    print("a", sep=3)  # type: ignore[call-overload]


def needs(x: int) -> None:
    print(x)


def test_what_is_printed_to_the_terminal_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_source(f"{__name__}:prints") == "a-1!\nwarned\nKEPT\n"
    assert capsys.readouterr() == ("", "")


@for_each(
    ("name", "kind", "said"),
    [
        ("misspells", TypeError, "sep must be None or a string"),
        ("needs", SourceError, "'needs' needs x, but readers run it without arguments."),
        ("pytest", SourceError, "'pytest' is not a function, and cannot be run."),
    ],
)
def test_what_cannot_be_run(name: str, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        run_source(f"{__name__}:{name}")


def test_a_name_is_followed_to_the_file_that_defines_it() -> None:
    direct = load_source("engine.activations.sigmoid:Sigmoid.derivative")
    assert load_source("engine.activations:Sigmoid.derivative") == direct
    assert direct.path.name == "sigmoid.py"
    assert direct.text.startswith("def derivative(self, z: Array) -> Array:")


@for_each("module", ["../etc", "..engine", ".", "engine.losses."])
def test_a_name_of_no_module_is_refused(module: str) -> None:
    with pytest.raises(SourceError, match="There is no module"):
        load_source(f"{module}:name")


def test_a_name_that_nobody_defines_is_refused() -> None:
    with pytest.raises(SourceError, match=r"engine\.activations' does not define 'Sigmoyd'"):
        load_source("engine.activations:Sigmoyd")
