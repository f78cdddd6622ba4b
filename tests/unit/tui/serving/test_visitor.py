"""What a visitor may not do on the machine of whoever serves."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from engine import visitor
from engine.folders import data_folder
from engine.training.snapshot import Snapshot
from lessons.exercises import process
from lessons.exercises.catalog import exercises
from lessons.exercises.files import start
from lessons.learner.progress import Progress
from tui.screens.export import deliver
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
    assert "does not run code that visitors write" in report.tests[0].text


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


@pytest.mark.parametrize("secret", ["", "../../x", "A" * 32, "g" * 32, "a" * 31, "a" * 32 + "\n"])
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
