"""`dltutor judge`: the grader on the command line; nothing is logged, and nothing heavy loaded."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from engine.folders import data_folder
from tests.cases import for_each
from tui.cli import main

QUESTION = ("backprop/forward", "forward_z_h2")


def judged(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, str | None]]:
    assert main(["judge", *words]) == 0
    found: list[dict[str, str | None]] = json.loads(capsys.readouterr().out)
    return found


def test_a_list_with_one_entry_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    found = judged(capsys, *QUESTION, "0.3925", "0.39", "7", "what?", "--json")
    assert [row["answer"] for row in found] == ["0.3925", "0.39", "7", "what?"]
    assert [row["verdict"] for row in found] == ["right", "slip", "wrong", "unreadable"]
    assert [row["slip"] for row in found] == [None, "row-for-column", None, None]
    assert all(row["text"] for row in found)


@for_each(
    "words",
    [
        (*QUESTION, "-0.5", "-1e-3", "--json"),
        (*QUESTION, "--json", "-0.5", "-1e-3"),
        ("--json", *QUESTION, "-0.5", "-1e-3"),
        ("--json", *QUESTION, "--", "-0.5", "-1e-3"),
        (*QUESTION, "--json", "--", "-0.5", "-1e-3"),
    ],
)
def test_negative_answers(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert [row["answer"] for row in judged(capsys, *words)] == ["-0.5", "-1e-3"]


def test_a_lone_minus_is_a_sign(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = judged(capsys, "backprop/deltas", "deltas_low_output", "-", "--json")
    assert row["verdict"] == "right"


@pytest.mark.parametrize("name", ["forward_z_h2", "backprop/forward/forward_z_h2"])
def test_a_question_by_its_name_or_with_its_lesson(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["judge", "forward", name, "0.3925"]) == 0
    assert capsys.readouterr().out.startswith("0.3925: right\n    ")


def test_a_line_of_a_faulty_program(capsys: pytest.CaptureFixture[str]) -> None:
    rows = judged(capsys, "backprop/forward", "mistake:half-precedence", "1", "x", "99", "--json")
    assert [row["verdict"] for row in rows] == ["wrong", "unreadable", "unreadable"]


@for_each(
    ("words", "said"),
    [
        (("backprop/forward", "forwrd_z_h2", "1"), "Did you mean forward_z_h2"),
        (("backprop/forwrd", "forward_z_h2", "1"), "Did you mean backprop/forward"),
        (("backprop/forward", "qqq", "1"), "Its questions are forward_parameters"),
        (QUESTION, "one answer or more"),
        (("--json",), "one answer or more"),
        ((*QUESTION, "1", "--jsn"), "There is no option --jsn"),
    ],
)
def test_what_is_missing_is_said(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert main(["judge", *words]) == 2
    assert said in capsys.readouterr().err


def test_nothing_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    judged(capsys, *QUESTION, "0.39", "--json")
    assert not (data_folder() / "progress.sqlite").exists()


def test_neither_torch_nor_textual_is_loaded() -> None:
    code = (
        "import sys; from tui.cli import main; "
        f"main(['judge', {QUESTION[0]!r}, {QUESTION[1]!r}, '0.39']); "
        "sys.exit(1 if {'torch', 'textual'} & set(sys.modules) else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
