from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from engine.data.search import SYSTEM_FOLDERS
from tests.cases import for_each
from tests.idx import SmallSet
from tui.cli import main
from tui.commands import doctor
from tui.terminal import Terminal, inspect_terminal

GOOD_TERMINAL = Terminal(
    term="xterm-256color",
    colorterm="truecolor",
    columns=120,
    rows=40,
    colors="truecolor",
    encoding="utf-8",
    locale="LANG=en_GB.UTF-8",
    unicode=True,
    multiplexer=None,
    ssh=False,
)


@pytest.fixture(autouse=True)
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A machine without problems: both sets, as small ones, and a good terminal."""
    monkeypatch.setitem(SYSTEM_FOLDERS, "fashion-mnist", ())
    monkeypatch.setenv("DLTUTOR_DATA", str(tmp_path))
    monkeypatch.setattr(doctor, "inspect_terminal", lambda: GOOD_TERMINAL)
    return [
        SmallSet.make(name).register(monkeypatch).write(tmp_path)
        for name in ("fashion-mnist", "mnist")
    ]


def problems() -> list[str]:
    return doctor.examine().problems


def test_json_has_the_agreed_keys(sets: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert list(report) == [
        "versions",
        "devices",
        "datasets",
        "terminal",
        "folders",
        "problems",
    ]
    assert report["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert set(doctor.PACKAGES) <= report["versions"].keys()
    assert report["devices"][0]["name"] == "cpu"
    assert report["datasets"] == [
        {"name": "fashion-mnist", "found": True, "path": str(sets[0]), "verified": True},
        {"name": "mnist", "found": True, "path": str(sets[1]), "verified": True},
    ]
    assert set(report["folders"]) == {"data", "cache", "config"}
    assert report["problems"] == []


def test_text_has_every_section(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    for expected in ("Versions", "Devices", "Data sets", "Terminal", "Folders", "120×40"):
        assert expected in out
    assert "complete, in" in out
    assert out.endswith("No problems found.\n")


def test_missing_set(sets: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    for path in sets[1].iterdir():
        path.unlink()
    assert main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["datasets"][1] == {
        "name": "mnist",
        "found": False,
        "path": None,
        "verified": None,
    }
    (problem,) = report["problems"]
    assert problem.startswith("MNIST is not on this machine")


def test_incomplete_and_damaged_sets(sets: list[Path]) -> None:
    (sets[0] / "train-images-idx3-ubyte.gz").unlink()
    (sets[1] / "t10k-labels-idx1-ubyte.gz").write_bytes(b"?")
    report = doctor.examine()
    assert [each.verified for each in report.datasets] == [None, False]
    incomplete, damaged = report.problems
    assert "Missing: train-images-idx3-ubyte" in incomplete
    assert "damaged or cut short" in damaged
    assert "`dltutor data fetch mnist`" in damaged


@pytest.mark.parametrize("package", ["torch", "torchvision"])
def test_package_that_raises_at_import(
    package: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / f"{package}.py").write_text(
        "raise RuntimeError('operator torchvision::nms does not exist')\n"
    )
    monkeypatch.delitem(sys.modules, package, raising=False)
    monkeypatch.syspath_prepend(broken)
    assert main(["doctor"]) == 0
    out, err = capsys.readouterr()
    assert f"{package} cannot be imported (operator torchvision::nms does not exist)." in out
    assert "pip install --force-reinstall torch torchvision" in out
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    ("requirement", "torch", "said"),
    [
        ("torch==2.9.0", "2.8.1+cpu", "needs torch 2.9.0, but 2.8.1+cpu is installed"),
        ("torch (==2.9.0)", "2.10.0", "needs torch 2.9.0, but 2.10.0 is installed"),
        ("torch (>=2.14.0)", "2.9.0", "needs torch 2.14.0 or newer, but 2.9.0 is installed"),
        ("torch==2.9.0", "2.9.0+cu128", None),
        ("torch>=2.14.0", "2.15.0", None),
    ],
)
def test_torch_that_torchvision_was_not_made_for(
    requirement: str, torch: str, said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = version
    monkeypatch.setattr(
        doctor, "version", lambda name: torch if name == "torch" else installed(name)
    )
    monkeypatch.setattr(doctor, "requires", lambda name: ["numpy", requirement])
    found = problems()
    if said is None:
        assert found == []
    else:
        (problem,) = found
        assert said in problem


def test_package_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = version

    def all_but_plotext(name: str) -> str:
        if name == "plotext":
            raise PackageNotFoundError(name)
        return installed(name)

    monkeypatch.setattr(doctor, "version", all_but_plotext)
    (problem,) = problems()
    assert problem.startswith("The package plotext is not installed.")


def test_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file" / "below"))
    report = doctor.examine()
    (problem,) = report.problems
    assert problem.startswith(f"The folder {tmp_path}")
    assert report.folders["config"]["writable"] is False
    assert not (tmp_path / "file" / "below").exists()


@for_each(
    ("changes", "said"),
    [
        ({"term": "dumb"}, "TERM=dumb"),
        ({"term": ""}, "TERM is not set"),
        ({"columns": 79}, "The terminal is 79×40"),
        ({"rows": 20}, "The terminal is 120×20"),
        ({"unicode": False, "locale": "LC_ALL=C"}, "does not use UTF-8 (LC_ALL=C)"),
        ({"unicode": False, "locale": ""}, "none is set"),
    ],
)
def test_terminal_problems(changes: dict[str, str | int | bool], said: str) -> None:
    (problem,) = GOOD_TERMINAL._replace(**changes).problems()  # type: ignore[arg-type]  # by case
    assert said in problem


def test_output_that_is_no_terminal_has_no_size_problem() -> None:
    assert GOOD_TERMINAL._replace(columns=None, rows=None).problems() == []


@for_each(
    ("variables", "expected"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "screen-256color"}, "256"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "dumb"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"),
        ({}, "none"),
    ],
)
def test_color_depth(variables: dict[str, str], expected: str) -> None:
    assert inspect_terminal(variables).colors == expected


@for_each(
    ("variables", "expected"),
    [
        ({"LANG": "en_GB.UTF-8"}, True),
        ({"LC_ALL": "C.utf8", "LANG": "C"}, True),
        ({"LC_CTYPE": "UTF-8"}, True),
        ({"LANG": "ca_ES.UTF-8@valencia"}, True),
        ({"LC_ALL": "C", "LANG": "en_GB.UTF-8"}, False),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({}, False),
    ],
)
def test_locale(variables: dict[str, str], expected: bool) -> None:
    assert inspect_terminal(variables).unicode is expected


def test_encoding_without_the_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    class Latin:
        encoding = "latin-1"

    monkeypatch.setattr(sys, "stdout", Latin())
    assert not inspect_terminal({"LANG": "en_GB.UTF-8"}).unicode


@for_each(
    ("variables", "multiplexer", "ssh"),
    [
        ({"TMUX": "/tmp/tmux-0/default,1,0"}, "tmux", False),
        ({"STY": "1.pts-0"}, "screen", False),
        ({"SSH_CONNECTION": "1.2.3.4 1 5.6.7.8 22"}, None, True),
        ({}, None, False),
    ],
)
def test_what_stands_between(variables: dict[str, str], multiplexer: str | None, ssh: bool) -> None:
    terminal = inspect_terminal(variables)
    assert (terminal.multiplexer, terminal.ssh) == (multiplexer, ssh)


def test_problems_are_wrapped_on_a_terminal_only(
    sets: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in sets[1].iterdir():
        path.unlink()
    main(["doctor"])
    (problem,) = [line for line in capsys.readouterr().out.splitlines() if "  - " in line]
    assert len(problem) > 120
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    main(["doctor"])
    wrapped = capsys.readouterr().out.partition("Problems\n")[2].splitlines()
    assert max(map(len, wrapped)) <= 120
    assert " ".join(" ".join(wrapped).split()) == " ".join(problem.split())
