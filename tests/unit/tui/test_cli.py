"""The command line: exit codes, sentences for mistakes, pipes."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from unittest.mock import Mock

import pytest

from lessons.format.catalog import catalog
from lessons.learner.progress import Progress
from tests.cases import for_each
from tests.unit.copies import ROOT
from tui.cli import main, parser_of
from tui.commands import commands
from tui.parsing import RefusedError


@for_each(
    ("words", "said"),
    [
        (["nosuch"], "There is no lesson 'nosuch'. `dltutor lessons` lists them."),
        (["trian"], "Did you mean `dltutor train`?"),
        (["backprop/forwrd"], "Did you mean backprop/forward"),
        (["show", "backprop/nothing"], "There is no lesson 'backprop/nothing'."),
        (["show", "backprop/deltas", "--width", "59"], "too narrow"),
        (["check", "nosuch"], "There is no lesson"),
        (["check", "--round", "-1"], "counts from 0"),
        (["backprop/deltas"], "The screens need a terminal"),
        ([], "The screens need a terminal"),
    ],
)
def test_a_mistake_gets_a_sentence_and_exit_2(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert captured.err.startswith("dltutor: ")
    assert "Traceback" not in captured.err


@for_each(
    ("words", "said"),
    [
        (["check", "nosuch", "--json"], "There is no lesson"),
        (["lessons", "--json", "--yaml"], "There is no option --yaml"),
        (["train", "--js"], "This is missing: RECIPE"),
        (["--lang", "en", "runs", "show", "softmax-7", "--json"], "There is no run 'softmax-7'"),
        (["lessons", "--json", "--lang", "qq"], "There is no translation into 'qq'"),
        (["doctor", "--yaml"], ""),
        (["show", "nosuch", "--json"], ""),
        (["show", "--", "--json"], ""),
        (["--lang", "qq"], ""),
    ],
)
def test_readers_of_json_get_a_mistake_as_json(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with contextlib.suppress(RefusedError):
        assert main(words) == 2
    out, err = capsys.readouterr()
    assert err.startswith("dltutor: ")
    if said:
        assert json.loads(out) == {"error": err.removeprefix("dltutor: ").rstrip("\n")}
        assert said in err
    else:
        assert out == "", "nothing asks for JSON here"


def test_a_folder_that_refuses_is_told_as_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for refused, told in (("/there", '{"error": "The system refuses /there: Per'), (None, "")):
        error = PermissionError(13, "Permission denied", refused)
        monkeypatch.setattr("tui.commands.lessons.run", Mock(side_effect=error))
        assert main(["lessons", "--json"]) == 1
        out, err = capsys.readouterr()
        assert out.startswith(told)
        assert bool(out) == bool(told), "it is the output that refuses"
        assert "Permission denied" in err


def test_a_command_that_stops_before_its_options_are_known_is_told_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ROOT / "tui/commands/mine.py"
    mine: dict[str, object] = {}
    exec(compile("def add_arguments(parser):\n    1 / 0", str(path), "exec"), mine)
    monkeypatch.setattr("tui.commands.lessons.add_arguments", mine["add_arguments"])
    assert main(["lessons", "--json"]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"dltutor: {path}:2: This stops with ZeroDivisionError")


def test_a_wrong_option_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["lessons", "--yaml"])
    assert caught.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "--yaml" in captured.err
    assert "Traceback" not in captured.err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for name in commands():
        assert f"  {name} " in text


@for_each("name", commands())
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    assert f"usage: dltutor {name}" in capsys.readouterr().out
    _command, parser = parser_of(name, ())
    assert [*unexplained(parser)] == []


def unexplained(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The arguments without help, and the actions that do not say what they do."""
    if not parser.description:
        yield parser.prog
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from unexplained(below)
        elif not action.help:
            yield f"{parser.prog} {'/'.join(action.option_strings) or action.metavar}"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("dltutor 0.")


def test_lessons_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    for step in (0, 1):
        progress.visit("backprop/deltas", step, catalog().load("backprop/deltas").keys)
    progress.answer("backprop/deltas", "half_gone", "d", "wrong")
    progress.close()
    assert main(["lessons", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["slug"] for row in rows] == [entry.slug for entry in catalog().entries()]
    keys = {"slug", "title", "chapter", "steps", "done", "state", "questions", "right", "shaky"}
    assert all(set(row) == keys for row in rows)
    by_slug = {row["slug"]: row for row in rows}
    deltas = by_slug["backprop/deltas"]
    assert deltas["steps"] == len(catalog().load("backprop/deltas").steps)
    assert (deltas["done"], deltas["state"], deltas["right"], deltas["shaky"]) == (
        2, "under way", 0, 1,
    )  # fmt: skip
    assert all(row["steps"] > 0 for row in rows)


def test_a_damaged_progress_file_is_told_beside_the_list(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = Progress()
    progress.close()
    progress.path.write_bytes(b"no database" * 99)
    assert main(["lessons"]) == 0
    captured = capsys.readouterr()
    assert "backprop/deltas" in captured.out
    assert "damaged" in captured.err


def test_check_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "backprop/batches", "backprop/forward", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["failed"] == 0
    assert found["passed"] == len(found["checks"])
    wanted = {"lesson", "step", "line", "name", "kind", "residual", "tolerance", "ok"}
    wanted |= {"how", "place", "problem"}
    assert all(set(check) == wanted for check in found["checks"])
    assert {check["kind"] for check in found["checks"]} == {
        "line",
        "shape",
        "formula",
        "number",
        "numbers",
        "answer",
        "slip",
        "mistake",
        "claim",
        "code",
        "exercise",
    }


def test_a_failed_check_is_named_and_exits_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lessons.format.catalog import Catalog
    from lessons.format.parser import parse_lesson

    entry = catalog().entry("backprop/deltas")
    right = r"= (a_i^{(n)} - y_i)\, \sigma'(z_i^{(n)})"
    assert entry.path is not None
    text = entry.path.read_text(encoding="utf-8")
    assert text.count(right) == 1
    broken = parse_lesson(
        text.replace(right, right.replace(" - ", " + ")), entry.path, entry.slug, ""
    )
    monkeypatch.setattr(Catalog, "load", lambda self, slug: broken)
    assert main(["check", "backprop/deltas"]) == 1
    captured = capsys.readouterr()
    assert "FAILED backprop/deltas, step 2: line output_delta 4" in captured.err
    assert captured.out.endswith("1 failed\n")


def test_a_reader_that_leaves_the_pipe_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m tui.cli show backprop/forward | head -n 1; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["What a network computes", "0"]


def test_show_needs_no_terminal_and_no_colour() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui.cli", "show", "backprop/deltas"],
        capture_output=True,
        text=True,
        env={**os.environ, "TERM": "dumb", "NO_COLOR": "1"},
        timeout=60,
    )
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
