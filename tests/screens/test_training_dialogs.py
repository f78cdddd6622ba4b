"""The questions around a training, and the row that says how it goes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from engine.data import DataMissing, find
from engine.data.progress import Progress, ProgressHandler
from engine.errors import UserError
from engine.training.snapshot import SessionState, Snapshot
from tests.idx import SmallSet
from tests.screens.fake_session import HostApp, linear_finished, softmax_running
from tui.screens.confirm import ConfirmScreen
from tui.screens.data_choice import ChoiceKind, DataChoice, DataChoiceScreen, Downloader
from tui.screens.training import TrainingScreen
from tui.widgets.training_status import TrainingStatus, status_text


class Missing:
    """Looks like `DataMissing`."""

    name: str = "fashion-mnist"
    glyphs: bool = True
    searched: tuple[Path, ...] = (
        Path("/home/me/.cache/dltutor/datasets"),
        Path("/usr/share/datasets"),
    )


class ChoiceApp(HostApp):
    """Opens a data choice and keeps the answer."""

    def __init__(self, download: Downloader) -> None:
        super().__init__()
        self.download = download
        self.answers: list[DataChoice | None] = []

    def on_mount(self) -> None:
        screen = DataChoiceScreen(
            Missing(), download=self.download, holds=lambda name, folder: folder.name == "good"
        )
        self.push_screen(screen, self.answers.append)


def never(name: str, root: Path, progress: ProgressHandler, cancelled: Callable[[], bool]) -> None:
    raise AssertionError("nothing was to be downloaded")


def choice_of(app: ChoiceApp) -> DataChoiceScreen:
    assert isinstance(app.screen, DataChoiceScreen)
    return app.screen


async def until(pilot: Pilot[None], done: Callable[[], bool]) -> None:
    """Let the application work until `done`."""
    for _ in range(500):
        if done():
            return
        await pilot.pause()
    raise AssertionError("it did not come to that")


@pytest.mark.parametrize(
    ("keys", "kind"),
    [(["r"], ChoiceKind.RETRY), (["b"], ChoiceKind.SYNTHETIC),
     (["down", "down", "enter"], ChoiceKind.RETRY),
     (["down", "down", "down", "enter"], ChoiceKind.SYNTHETIC)],
)  # fmt: skip
async def test_choices_by_letter_and_by_arrow(keys: list[str], kind: ChoiceKind) -> None:
    app = ChoiceApp(never)
    async with app.run_test(size=(80, 24)) as pilot:
        assert isinstance(app.focused, OptionList)
        await pilot.press(*keys)
        assert app.answers == [DataChoice(kind)]


async def test_escape_goes_back_without_a_choice() -> None:
    app = ChoiceApp(never)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("escape")
        assert app.answers == [None]


async def test_another_folder_must_be_there_and_hold_the_set(tmp_path: Path) -> None:
    good, empty = tmp_path / "good", tmp_path / "empty"
    good.mkdir()
    empty.mkdir()
    app = ChoiceApp(never)
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.screen.query_one("#data-choice").border_title == "Fashion-MNIST was not found"
        await pilot.press("o", "enter")
        assert choice_of(app).message == "Type the path of the folder that holds the data set."
        for folder, sentence in [
            (tmp_path / "none", "There is no folder"),
            (empty, "does not contain Fashion-MNIST"),
        ]:
            app.screen.query_one("#data-folder").value = str(folder)  # type: ignore[attr-defined]  # an input
            await pilot.press("enter")
            assert sentence in choice_of(app).message
        app.screen.query_one("#data-folder").value = str(good)  # type: ignore[attr-defined]  # an input
        await pilot.press("enter")
        assert app.answers == [DataChoice(ChoiceKind.FOLDER, good)]


async def test_files_of_another_set_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SmallSet.make("mnist").register(monkeypatch).write_flat(tmp_path)
    with pytest.raises(DataMissing) as caught:
        find("fashion-mnist", tmp_path)
    app = HostApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(DataChoiceScreen(caught.value, download=never))
        await pilot.pause()
        problem = str(app.screen.query_one("#data-problem", Static).content)
        assert f"{tmp_path} holds the files of MNIST, not those of Fashion-MNIST" in problem
        app.pop_screen()
        app.push_screen(DataChoiceScreen(caught.value.of_a_run("/usb"), download=never))
        await pilot.pause()
        more = str(app.screen.query_one("#data-problem", Static).content)
        assert (
            more
            == f"The run found its images in /usb, but they are not there any longer. {problem}"
        )
        # A run needs the images that it was trained on: the glyph set is not offered.
        offered = [one.id for one in app.screen.query_one("#choices", OptionList).options]
        assert offered == ["download", "folder", "retry"]
        needed = str(app.screen.query_one("#data-needed", Static).content)
        assert needed == "The run can only go on with the images that it was trained on."
        await pilot.press("b")
        assert isinstance(app.screen, DataChoiceScreen)


async def test_letters_typed_into_the_folder_are_not_choices() -> None:
    app = ChoiceApp(never)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("o", "d", "r", "b", "q")
        assert app.answers == []
        await pilot.press("escape")
        assert isinstance(app.focused, OptionList)
        assert app.answers == []


async def test_a_download_shows_how_far_it_is_and_then_goes_on(tmp_path: Path) -> None:
    halfway, go_on = threading.Event(), threading.Event()
    asked: list[tuple[str, Path]] = []

    def download(
        name: str, root: Path, progress: ProgressHandler, cancelled: Callable[[], bool]
    ) -> None:
        asked.append((name, root))
        progress(Progress("train-images-idx3-ubyte", 3, 4, 500, 1000))
        halfway.set()
        assert go_on.wait(20)

    app = ChoiceApp(download)
    app.data_dir = tmp_path
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: "3 of 4" in choice_of(app).message)
        await until(pilot, halfway.is_set)
        assert choice_of(app).query_one("#data-progress").progress == pytest.approx(0.625)  # type: ignore[attr-defined]  # a bar
        await pilot.press("r", "enter")
        assert app.answers == []
        told = "The data set is being downloaded. escape: cancel"
        assert str(choice_of(app).query_one("#data-keys", Static).content) == told
        go_on.set()
        await until(pilot, lambda: bool(app.answers))
        assert app.answers == [DataChoice(ChoiceKind.RETRY)]
        assert asked == [("fashion-mnist", tmp_path)]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(UserError("There is no network."), "There is no network."),
     (OSError("connection refused"), "The download failed: connection refused.")],
)  # fmt: skip
async def test_a_failed_download_is_a_sentence(error: Exception, sentence: str) -> None:
    def download(
        name: str, root: Path, progress: ProgressHandler, cancelled: Callable[[], bool]
    ) -> None:
        raise error

    app = ChoiceApp(download)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: choice_of(app).message.startswith(sentence))
        assert not choice_of(app).is_downloading
        await pilot.press("b")
        assert app.answers == [DataChoice(ChoiceKind.SYNTHETIC)]


async def test_a_download_can_be_cancelled() -> None:
    begun = threading.Event()

    def download(
        name: str, root: Path, progress: ProgressHandler, cancelled: Callable[[], bool]
    ) -> None:
        begun.set()
        while not cancelled():
            threading.Event().wait(0.001)
        raise UserError("Cancelled.")

    app = ChoiceApp(download)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("d")
        await until(pilot, begun.is_set)
        await pilot.press("escape")
        await until(pilot, lambda: choice_of(app).message == "The download was cancelled.")
        assert app.answers == []


def test_the_choice_looks_as_before(snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(ChoiceApp(never), terminal_size=(80, 24))


class ConfirmApp(HostApp):
    """Asks, and keeps the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[bool | None] = []

    def on_mount(self) -> None:
        question = "The model 'softmax' is still training. Quitting ends the training."
        screen = ConfirmScreen(question, yes="Stop training and quit", no="Go on")
        self.push_screen(screen, self.answers.append)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [(["y"], True), (["n"], False), (["escape"], False), (["enter"], False),
     (["left", "enter"], True), (["tab", "enter"], True)],
)  # fmt: skip
async def test_confirming_by_keys(keys: list[str], answer: bool) -> None:
    app = ConfirmApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert app.answers == [answer]


def test_the_question_looks_as_before(snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(ConfirmApp(), terminal_size=(80, 24))


def test_the_row_says_how_the_training_goes() -> None:
    assert status_text(Snapshot()) == ""
    paused = replace(softmax_running(), state=SessionState.PAUSED)
    loss = f"{paused.losses.values[-1]:.4f}"
    assert status_text(paused).replace("\u00a0", " ") == (
        f"‖ training softmax · paused · epoch 4/10 · loss {loss} · 34 %"
    )
    assert "synthetic data" in status_text(linear_finished())
    longest = replace(linear_finished(), recipe="two-layer-autograd")
    assert "finished" in status_text(longest)[:60]  # a narrow row is cut at its end
    loading = Snapshot(state=SessionState.LOADING, recipe="softmax", epochs=10)
    assert status_text(loading) == "… training softmax · loading"


async def test_the_row_is_hidden_until_something_is_trained_and_leaves_after_the_end() -> None:
    row = TrainingStatus()
    app = HostApp(row)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert not row.display
        app.fake.publish(softmax_running())
        row.refresh_status()
        assert row.display
        assert "running" in row.text
        app.refresh_rate = 1.0
        app.fake.change(state=SessionState.FINISHED)
        for _ in range(10):
            row.refresh_status()
        assert "finished" in row.text
        row.refresh_status()
        assert not row.display


async def test_the_row_of_a_screen_below_is_left_alone() -> None:
    row = TrainingStatus()
    app = HostApp(row)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.push_screen(TrainingScreen("softmax"))
        await pilot.pause()
        app.fake.publish(softmax_running())
        row.refresh_status()
        assert row.text == ""
        app.pop_screen()
        await pilot.pause()
        row.refresh_status()
        assert "running" in row.text
