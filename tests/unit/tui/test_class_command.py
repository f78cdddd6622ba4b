"""`dltutor class`: where a group stands."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from lessons.learner.progress import Progress
from tests.small_course import small_course
from tui.cli import main

ONE = "backprop/one"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The logs of three learners, one of them as a progress file, and two that are none."""
    contents = small_course(tmp_path / "en")
    monkeypatch.setattr("lessons.format.catalog.catalog", lambda: contents)
    keys = contents.load(ONE).keys
    found = tmp_path / "class"
    found.mkdir()
    (found / "ada.json").write_text(json.dumps({
        "answers": [_answer("z_h1", "right"), _answer("total_loss", "slip", "no-half"),
                    _answer("total_loss", "right")],
        "places": {ONE: {"step": keys[-1], "seen": list(keys), "done": True}},
    }))  # fmt: skip
    (found / "ben\x1b[31m.json").write_text(json.dumps({
        "answers": [_answer("total_loss", "slip", "no-half"), _answer("total_loss", "shown"),
                    _answer("z_h1", "wrong")],
    }))  # fmt: skip
    with closing(Progress(found / "cleo.sqlite", lambda: date(2026, 3, 5))) as progress:
        progress.visit(ONE, 0, keys)
        progress.answer(ONE, "total_loss", "0.3", "slip", "sign\x1b[2J"[:4])
    (found / "damaged.json").write_text('{"answers": [')
    (found / "evil\x1b]0;x\x07.json").write_text("null")
    (found / "notes.txt").write_text("no log")
    return found


def _answer(question: str, verdict: str, slip: str | None = None) -> dict[str, object]:
    return {
        "lesson": ONE, "question": question, "text": "\x1b[2J", "verdict": verdict, "slip": slip,
        "day": "2026-03-02",
    }  # fmt: skip


def test_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["class", str(folder), "--json"]) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert [each["name"] for each in found["learners"]] == ["ada", r"ben\x1b[31m", "cleo"]
    ada, ben, cleo = found["learners"]
    assert ada == {
        "name": "ada", "done": 1, "started": 1, "lessons": 2, "asked": 2, "shaky": 1,
        "last_day": "2026-03-02",
    }  # fmt: skip
    assert (ben["done"], ben["shaky"], cleo["last_day"]) == (0, 2, "2026-03-05")
    (lesson,) = found["lessons"]
    assert (lesson["slug"], lesson["started"], lesson["done"]) == (ONE, 3, 1)
    loss, z = lesson["questions"]
    assert (loss["name"], loss["asked"], loss["missed"]) == ("total_loss", 3, 3)
    assert loss["slips"] == {"no-half": 2, "sign": 1}
    assert loss["outcomes"]["later try"] == 1
    assert loss["outcomes"]["shown"] == 1
    assert (z["name"], z["asked"], z["missed"]) == ("z_h1", 2, 1)
    assert [each["question"] for each in found["missed"]] == ["total_loss", "z_h1"]
    assert [(each["slip"], each["learners"]) for each in found["slips"]] == [
        ("no-half", 2), ("sign", 1),
    ]  # fmt: skip
    assert [each["file"] for each in found["skipped"]] == [
        "damaged.json", r"evil\x1b]0;x\x07.json",
    ]  # fmt: skip
    assert "damaged.json" in said.err
    assert "\x1b" not in said.out + said.err


def test_as_text(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["class", str(folder)]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "3 learners · 1 lesson started"
    assert "\nada          1/2 " in said.out
    assert "the ½ left out (2)" in said.out
    assert "damaged.json cannot be used" in said.err
    assert "\x1b" not in said.out + said.err


def test_the_order_of_the_files_does_not_matter_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    main(["class", str(folder), "--json"])
    first = capsys.readouterr().out
    main(["class", "--json", str(folder)])
    assert capsys.readouterr().out == first
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_the_visitors_of_a_server_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "visitors" / ("a" * 32)
    with closing(Progress(store / "data" / "dltutor" / "progress.sqlite")) as progress:
        progress.visit("backprop/forward", 0, ("a", "b"))
    assert main(["class", str(tmp_path / "visitors"), "--json"]) == 0
    (learner,) = json.loads(capsys.readouterr().out)["learners"]
    assert (learner["name"], learner["started"]) == ("a" * 32, 1)


def test_two_files_of_one_name_are_told_apart(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "cleo.json").write_text('{"answers": []}')
    main(["class", str(folder), "--json"])
    names = [each["name"] for each in json.loads(capsys.readouterr().out)["learners"]]
    assert names[-2:] == ["cleo.json", "cleo.sqlite"]


def test_a_folder_without_logs_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["class", str(tmp_path / "nowhere")]) == 2
    assert main(["class", str(tmp_path)]) == 2
    assert "progress --json" in capsys.readouterr().err
    (tmp_path / "broken.json").write_text("")
    assert main(["class", str(tmp_path)]) == 1
