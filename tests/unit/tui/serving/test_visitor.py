"""What a visitor may not do on the machine of whoever serves."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from engine import visitor
from engine.folders import data_folder
from engine.training.snapshot import Snapshot
from engine.training.turns import SharedTurn
from lessons.exercises import process
from lessons.exercises.catalog import exercises, find_exercise
from lessons.exercises.files import Standing, carried, standing, start
from lessons.exercises.process import Ended
from lessons.exercises.training import train
from lessons.learner.progress import Progress
from tests.cases import for_each
from tui.cli import main
from tui.screens.export import deliver
from tui.serving import child
from tui.serving.nest import _environment
from tui.serving.pages import KEYS, course
from tui.serving.stores import Store, new_visitor


def test_code_that_a_visitor_writes_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(visitor.VARIABLE, "1")
    monkeypatch.setattr("lessons.exercises.process.subprocess.Popen", None)  # a call would fail
    exercise = next(iter(exercises().values()))
    path, _new = start(exercise)
    report = process.run(exercise, path)
    assert not report.passed
    assert not report.was_run
    assert report.tests == ()
    assert "does not run code that visitors write" in report.text


def test_a_run_that_was_refused_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(visitor.VARIABLE, "1")
    exercise = find_exercise("sigmoid")
    start(exercise)
    assert main(["exercise", "check", "sigmoid"]) == 1
    assert "does not run code that visitors write" in capsys.readouterr().out
    assert standing(exercise) is Standing.UNTESTED
    assert carried()[0] == {}


def test_a_training_with_a_visitors_function_takes_a_turn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    exercise = find_exercise("sigmoid")
    path, _new = start(exercise)
    held = SharedTurn(tmp_path, 1)
    held.take()
    monkeypatch.setattr("lessons.exercises.training.launch", None)  # a call would fail
    course = train(exercise, path, turn=SharedTurn(tmp_path, 1))
    assert course.is_over
    assert course.together is None
    assert "1 training runs already" in course.text
    held.give_back()

    def launched(*_words: object) -> Ended:
        assert "1 training runs already" in SharedTurn(tmp_path, 1).take()
        return Ended(b"", b"", "stopped")

    monkeypatch.setattr("lessons.exercises.training.launch", launched)
    assert train(exercise, path, turn=SharedTurn(tmp_path, 1)).text == "Stopped."
    assert held.take() == ""

    # Where no code may run, that is what is said.
    monkeypatch.undo()
    monkeypatch.setenv(visitor.VARIABLE, "1")
    course = train(exercise, path, turn=SharedTurn(tmp_path, 1))
    assert "does not run code that visitors write" in course.text


def test_the_screens_of_a_visitor_ask_for_turns_of_the_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(child.TURNS, f"1:{tmp_path}")
    one, other = child.turn(), child.turn()
    assert one.take() == ""
    assert "1 training runs already" in other.take()
    made: dict[str, object] = {}

    class App:
        return_code = 0

        def __init__(self, **given: object) -> None:
            made.update(given)

        def run(self) -> None:
            pass

    monkeypatch.setattr(child, "TutorApp", App)
    assert child.visit() == 0
    assert made["make_turn"] is child.turn
    assert made["make_session"] is child.session


def test_it_runs_at_home_and_where_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert visitor.may_run_code()
    monkeypatch.setenv(visitor.VARIABLE, "1")
    assert not visitor.may_run_code()
    monkeypatch.setenv(visitor.CODE_VARIABLE, "1")
    assert visitor.may_run_code()


def test_a_training_is_exported_to_the_browser_and_to_no_folder() -> None:
    sent: dict[str, object] = {}

    class App:
        def deliver_binary(self, file: io.BytesIO, **more: object) -> None:
            sent.update(more, file=file)

    deliver(App(), Snapshot(recipe="softmax"), "<svg/>")  # type: ignore[arg-type]  # all it needs
    assert str(sent["save_filename"]).startswith("softmax-")
    assert isinstance(sent["file"], io.BytesIO)
    names = {Path(name).name for name in zipfile.ZipFile(sent["file"]).namelist()}
    assert {"metrics.csv", "settings.json", "screen.svg"} <= names
    assert not (data_folder() / "exports").exists()


def test_processes_of_visitors_know_no_secret_and_no_editor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DLTUTOR_TOKEN", "EDITOR", "SSH_CONNECTION"):
        monkeypatch.setenv(name, "x")
    assert not {"DLTUTOR_TOKEN", "EDITOR", "SSH_CONNECTION", "DLTUTOR_LANG"} & _environment().keys()


@for_each("secret", ["", "../../x", "A" * 32, "g" * 32, "a" * 31, "a" * 32 + "\n"])
def test_what_is_no_secret_names_no_store(secret: str) -> None:
    with pytest.raises(ValueError):
        Store(secret)


def test_a_store_that_nobody_has_used_is_removed(tmp_path: Path) -> None:
    store = Store(new_visitor(), tmp_path)
    store.make()
    Progress(store.progress).close()
    assert store.folder.is_dir()
    store.forget_if_empty()
    assert not store.folder.exists()


def test_a_store_that_was_used_stays_with_its_language(tmp_path: Path) -> None:
    store = Store(new_visitor(), tmp_path)
    store.make()
    progress = Progress(store.progress)
    progress.visit("backprop/one", 0, ("a",))
    progress.remember("language", "zh")
    progress.close()
    store.forget_if_empty()
    assert store.progress.is_file()
    assert store.language() == "zh"
    assert Store(new_visitor(), tmp_path).language() is None


@pytest.mark.parametrize("name", ["checkpoints/softmax-1.safetensors", "exercises/sigmoid.py"])
def test_a_store_with_a_training_or_an_exercise_stays(tmp_path: Path, name: str) -> None:
    store = Store(new_visitor(), tmp_path)
    store.make()
    Progress(store.progress).close()
    kept = store.progress.parent / name
    kept.parent.mkdir()
    store.progress.with_name("progress.sqlite-wal").touch()
    kept.touch()
    store.forget_if_empty()
    assert kept.exists()


@pytest.mark.parametrize("choice", ["language", "theme", "plain signs"])
def test_a_store_with_a_choice_stays(tmp_path: Path, choice: str) -> None:
    store = Store(new_visitor(), tmp_path)
    store.make()
    progress = Progress(store.progress)
    progress.remember(choice, "x")
    progress.close()
    store.forget_if_empty()
    assert store.progress.is_file()


def test_a_link_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "visitors").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        Store(new_visitor(), tmp_path).make()
    assert not any((tmp_path / "elsewhere").iterdir())


def test_the_page_names_every_key_of_a_tablet() -> None:
    page = course("ws://127.0.0.1/ws?a&b", 0)
    assert page.count("<button") == len(KEYS) + 1
    assert "a&amp;b" in page
