"""`dltutor progress --merge`: two machines of one learner."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from engine.folders import data_folder
from lessons.learner.derivations import rounds_of, setting_of
from lessons.learner.progress import Progress
from tests.small_course import small_course
from tui.cli import main

ONE, TWO = "backprop/one", "backprop/two"


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """The keys of the first lesson of a small course."""
    contents = small_course(tmp_path / "en")
    monkeypatch.setattr("tui.commands.progress.catalog", lambda: contents)
    return tuple(contents.load(ONE).keys)


def _other_machine(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    keys: tuple[str, ...],
) -> Path:
    """What another machine exports: two answers, two steps, and an exercise."""
    with monkeypatch.context() as there:
        there.setenv("XDG_DATA_HOME", str(tmp_path / "other"))
        with closing(Progress(today=lambda: date(2026, 3, 1))) as progress:
            progress.visit(ONE, 2, keys)
            progress.visit("gone/lesson", 0, ("a", "b"))
            progress.answer(ONE, "z_h1", "0.4", "slip", "sign")
            progress.answer(ONE, "z_h1", "0.3775", "right")
            progress.remember(setting_of(ONE, "slope"), "2")
        exercises = data_folder() / "exercises"
        exercises.mkdir()
        (exercises / "exercises.json").write_text('{"sigmoid": {"passed": 1, "file": 7}}')
        (exercises / "sigmoid.py").write_text("there = 1\n")
        (exercises / "sigmoid.1.py").write_text("aside = 1\n")
        assert main(["progress", "--json"]) == 0
    path = tmp_path / "other.json"
    path.write_text(capsys.readouterr().out, "utf-8")
    return path


def _all(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert main(["progress", "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_everything_of_the_other_machine_is_here_afterwards(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    keys: tuple[str, ...],
) -> None:
    other = _other_machine(tmp_path, monkeypatch, capsys, keys)
    with closing(Progress(today=lambda: date(2026, 3, 2))) as progress:
        progress.visit(ONE, 0, keys)
        progress.answer(ONE, "total_loss", "0.3", "right")
        progress.remember(setting_of(ONE, "slope"), "1")
        progress.remember(setting_of(ONE, "mine"), "1")
    exercises = data_folder() / "exercises"
    exercises.mkdir()
    (exercises / "sigmoid.py").write_text("here = 1\n")

    assert main(["progress", "--merge", str(other)]) == 0
    assert "2 answers, 2 steps, 1 file of exercises" in capsys.readouterr().out
    with closing(Progress()) as progress:
        assert [each.text for each in progress.answers()] == ["0.4", "0.3775", "0.3"]
        assert progress.get(ONE).seen == {keys[0], keys[2]}
        assert progress.get(ONE).step == keys[2]
        assert progress.get(ONE).done
        assert progress.get("gone/lesson").step == "a"
        assert progress.last() == ONE
        assert [rounds_of(progress, ONE, name) for name in ("slope", "mine")] == [2, 1]
    assert (exercises / "sigmoid.py").read_text() == "here = 1\n"
    assert (exercises / "sigmoid.1.py").read_text() == "there = 1\n"
    assert json.loads((exercises / "exercises.json").read_text()) == {"sigmoid": {"passed": 1}}

    before = _all(capsys)
    for words in (["--merge", str(other), str(other)], ["--import", str(other)]):
        assert main(["progress", *words]) == 0
        assert "0 answers, 0 steps, 0 files" in capsys.readouterr().out
        assert _all(capsys) == before
    assert len(list(exercises.glob("*.py"))) == 2


def test_a_damaged_file_among_others_changes_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    keys: tuple[str, ...],
) -> None:
    other = _other_machine(tmp_path, monkeypatch, capsys, keys)
    before = _all(capsys)
    damaged = tmp_path / "damaged\x1b[2J.json"
    damaged.write_text(other.read_text()[:-40])
    assert main(["progress", "--merge", str(other), str(damaged)]) == 2
    said = capsys.readouterr().err
    assert "Nothing was taken over." in said
    assert "\x1b" not in said
    assert _all(capsys) == before
    assert not (data_folder() / "exercises").exists()


def test_a_progress_file_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log.json"
    log.write_text('{"answers": []}')
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    assert main(["progress", "--merge", str(log)]) == 2
    assert "cannot be saved" in capsys.readouterr().err


def test_other_forms_do_not_go_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["progress", "--json", "--merge", "x"])
    assert capsys.readouterr().err


def test_escapes_in_answers_do_not_reach_the_terminal(
    capsys: pytest.CaptureFixture[str], keys: tuple[str, ...]
) -> None:
    with closing(Progress()) as progress:
        progress.answer(ONE, "z_h1", "1\x1b]0;evil\x07\n2", "wrong")
    for words in (["--markdown"], ["--json"], []):
        assert main(["progress", *words]) == 0
        said = capsys.readouterr().out
        assert "\x1b" not in said
        assert "\x07" not in said
