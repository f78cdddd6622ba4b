"""`dltutor progress`: as text, as JSON, as Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from lessons.learner.progress import Progress
from tests.small_course import small_course
from tui.cli import main


@pytest.fixture
def learner(tmp_path: Path, fixed_day: date, monkeypatch: pytest.MonkeyPatch) -> Iterator[Progress]:
    """A learner of the small course, who answered four days ago and reset the second lesson."""
    contents = small_course(tmp_path / "en")
    monkeypatch.setattr("tui.commands.progress.catalog", lambda: contents)
    progress = Progress(today=lambda: fixed_day - timedelta(days=4))
    progress.visit("backprop/two", 0, ("a-gradient",))
    progress.answer("backprop/two", "grad_w5", "a|b", "slip", "sign")
    progress.reset("backprop/two")
    keys = contents.load("backprop/one").keys
    progress.visit("backprop/one", 0, keys)
    progress.visit("backprop/one", 2, keys)
    progress.answer("backprop/one", "z_h1", "0.3775", "right")
    progress.answer("backprop/one", "total_loss", "0.6", "slip", "no-half")
    progress.answer("backprop/one", "total_loss", "0.6", "slip", "no-half")
    progress.answer("backprop/one", "total_loss", "0.3", "right")
    progress.answer("backprop/one", "delta_o1", "", "shown")
    yield progress
    progress.close()


@pytest.mark.usefixtures("learner")
def test_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["progress"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 of 2 lessons done, 3 questions asked, 2 of them shaky."
        " 3 questions are due for review today.",
        "",
        "  backprop/one  done  2 of 3 steps · 1 right at the first try · 1 right later · 1 shown",
        "",
        "Worth another look:",
        "  The first, step 2 (Backward): right at try 3 · slips: the ½ left out (2 times)",
        "  The first, step 2 (Backward): shown",
    ]


@pytest.mark.usefixtures("learner")
def test_as_json(capsys: pytest.CaptureFixture[str], fixed_day: date) -> None:
    assert main(["progress", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    asked = (fixed_day - timedelta(days=4)).isoformat()
    assert found["day"] == fixed_day.isoformat()
    one, two = found["lessons"]
    assert (one["slug"], one["state"], one["steps"], one["seen"]) == (
        "backprop/one", "done", 3, [1, 3],
    )  # fmt: skip
    assert one["seen_keys"] == ["forward", "end"]
    assert one["questions"][1] == {
        "name": "total_loss",
        "step": 2,
        "step_key": "backward",
        "outcome": "later try",
        "tries": 3,
        "slips": {"no-half": 2},
        "days": [asked],
        "due": (fixed_day - timedelta(days=3)).isoformat(),
    }
    assert (two["state"], two["questions"][0]["outcome"]) == ("new", None)
    assert [each["question"] for each in found["review"]] == ["total_loss", "delta_o1", "z_h1"]
    assert found["answers"][0] == {
        "day": asked,
        "lesson": "backprop/two",
        "question": "grad_w5",
        "text": "a|b",
        "verdict": "slip",
        "slip": "sign",
        "before_reset": True,
    }
    assert len(found["answers"]) == 6


@pytest.mark.usefixtures("learner")
def test_as_markdown(capsys: pytest.CaptureFixture[str], fixed_day: date) -> None:
    assert main(["progress", "--markdown"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"# Progress on {fixed_day}"
    assert "| The first | 2 of 3 | 1 | 1 | 1 | 0 | 0 | the ½ left out (2 times) |" in lines
    asked = fixed_day - timedelta(days=4)
    old = f"| {asked} | backprop/two | grad_w5 | `a\\|b` | slip (before reset) | the sign"
    assert any(line.startswith(old) for line in lines)
    assert f"| {asked} | backprop/one | delta_o1 |  | shown |  |" in lines


def test_nothing_begun(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["progress"]) == 0
    text = capsys.readouterr().out
    assert "none started yet" in text
    assert text.count("\n") == 1


def test_one_form_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["progress", "--json", "--markdown"])
    assert caught.value.code == 2
    assert "exclude each other. Give one of them." in capsys.readouterr().err
