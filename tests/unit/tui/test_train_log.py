"""Which epochs `dltutor train` reports, what its bar shows, and what its help says."""

from __future__ import annotations

import io
import itertools
import json
import re
from pathlib import Path

import pytest

from engine.data.search import SYSTEM_FOLDERS
from engine.recipes.catalog import find_recipe, recipes
from engine.training.checkpoint_file import load
from engine.training.run_files import checkpoint_path
from engine.training.runs import RunStore
from engine.training.snapshot import EpochMetrics
from tests.cases import for_each
from tests.unit.engine.training_fakes import advance, tiny_run
from tui.cli import main
from tui.commands.train_bar import RichBar
from tui.commands.train_log import MOST_LINES, EpochPicker, Log

ALL = Log()
Capture = pytest.CaptureFixture[str]


def metrics(epoch: int) -> EpochMetrics:
    return EpochMetrics(epoch, epoch, 1.0, None, 1.0, None, 0.1, 100.0)


def picked(epochs: int, log: Log = ALL, *, thin: bool = True) -> list[int]:
    picker = EpochPicker(log, epochs, thin=thin)
    return [epoch for epoch in range(epochs + 1) if picker.takes(metrics(epoch))]


@for_each("epochs", [1, 2, 49, 50, 51, 60, 99, 100, 101, 500, 999, 1000, 2001, 10_000])
def test_a_long_training_gets_at_most_fifty_lines(epochs: int) -> None:
    lines = picked(epochs)
    assert lines[:2] == [0, 1]
    assert lines[-1] == epochs
    assert len(lines) <= MOST_LINES + 1, "and epoch 0, before the training"
    if epochs <= MOST_LINES:
        assert lines == list(range(epochs + 1))
    else:
        assert len(lines) > 15
        gaps = [later - earlier for earlier, later in itertools.pairwise(lines)]
        assert max(gaps) <= epochs / 10, "no long silence"
        assert set(range(0, epochs, 1000)) <= set(lines), "round numbers"


def test_json_keeps_every_epoch() -> None:
    assert picked(10_000, thin=False) == list(range(10_001))


@pytest.mark.parametrize("thin", [True, False])
def test_what_was_asked_for_is_reported(thin: bool) -> None:
    assert picked(100, Log(every=30), thin=thin) == [0, 30, 60, 90, 100]
    assert picked(100, Log(every=1), thin=thin) == list(range(101))
    assert picked(100, Log(every=1000), thin=thin) == [0, 100]
    assert picked(100, Log(quiet=True), thin=thin) == []


def test_the_last_epoch_made_is_kept_for_the_end() -> None:
    picker = EpochPicker(Log(every=30), 100, thin=True)
    for epoch in range(48):
        picker.takes(metrics(epoch))
    assert picker.held == metrics(47)
    picker.takes(metrics(60))
    assert picker.held is None


def train(capsys: Capture, *words: str) -> tuple[str, str]:
    assert main(["train", *words, "--device", "cpu"]) == 0
    captured = capsys.readouterr()
    return captured.out, captured.err


def rows(out: str) -> list[str]:
    return re.findall(r"^ *(\d+)/\d+ ", out, re.MULTILINE)


def test_lines_of_a_training(capsys: Capture) -> None:
    words = ["two-layer-numpy", "--epochs", "60"]
    out, _err = train(capsys, *words)
    assert rows(out)[:5] == ["0", "1", "2", "4", "6"]
    assert rows(out)[-1] == "60"
    assert "60 epochs: a line for some of them; --log-every 1 prints all" in out
    out, _err = train(capsys, *words, "--log-every", "25")
    assert rows(out) == ["0", "25", "50", "60"]
    assert "a line for some" not in out
    out, _err = train(capsys, *words, "--json")
    assert len(out.splitlines()) == 63
    out, _err = train(capsys, *words, "--json", "--log-every", "40")
    events = [json.loads(line) for line in out.splitlines()]
    assert [event.get("epoch") for event in events] == [None, 0, 40, 60, None]


def test_the_last_epoch_before_a_failure_is_reported(capsys: Capture) -> None:
    words = ["train", "two-layer-numpy", "--lr", "1e-4", "--log-every", "1000", "--device", "cpu"]
    assert main([*words, "--json"]) == 1
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == ["start", "epoch", "epoch", "end"]
    assert events[2]["epoch"] == events[3]["epochs"] > 1
    assert "no longer a finite number" in events[3]["error"]
    kept = RunStore().of("two-layer-numpy")[0]
    assert (kept.step, kept.parameters_sha256) == (
        events[2]["step"],
        events[3]["parameters_sha256"],
    )
    checkpoint = load(checkpoint_path(kept.run))
    assert checkpoint.epoch == kept.step  # one update an epoch
    assert f"after {kept.step} updates, which are finite" in events[3]["error"]


def test_quiet_prints_the_name_of_the_run(capsys: Capture) -> None:
    assert train(capsys, "linear", "-q") == ("linear-1\n", "")
    out, err = train(capsys, "linear", "--quiet", "--json")
    assert [json.loads(line)["event"] for line in out.splitlines()] == ["start", "end"]
    assert err == ""
    assert main(["runs", "replay", "linear-1", "-q"]) == 0
    assert capsys.readouterr().out == "linear-3\n"
    assert main(["train", "two-layer-nn", "--lr", "1", "-q"]) == 1
    assert "no longer a finite number" in capsys.readouterr().err


def test_a_replay_says_in_json_whether_it_was_the_same(capsys: Capture) -> None:
    train(capsys, "linear", "--epochs", "1", "-q")
    assert main(["runs", "replay", "linear-1", "--json"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last == {"event": "replay", "run": "linear-2", "replays": "linear-1", "same": True}


@for_each("every", ["0", "-3", "x", "1.5", ""])
def test_what_log_every_takes(every: str, capsys: Capture) -> None:
    assert main(["train", "linear", f"--log-every={every}"]) == 2
    assert "--log-every takes a whole number from 1 on" in capsys.readouterr().err
    assert main(["train", "linear", "-q", "--log-every", "3"]) == 2
    assert "exclude each other" in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(seconds_per_update: float, *, epochs: int = 3, updates: int = 4) -> str:
    """The bar of a tiny training, drawn at its start and after some updates."""
    run = tiny_run(epochs=epochs)
    now = 100.0
    stream = Terminal()
    bar = RichBar(stream, clock=lambda: now)
    bar.show(run)
    advance(run, updates)
    now += updates * seconds_per_update
    bar.show(run)
    bar.hide()
    return stream.getvalue()


@for_each(
    ("seconds", "epochs", "left"),
    [
        (1.0, 3, "5 s left"),
        (12.0, 3, "1 min 00 s left"),
        (30.0, 3, "2 min 30 s left"),
        (60.0, 100, "4 h 56 min left"),
    ],
)
def test_the_bar_shows_the_time_to_the_end_of_the_training(
    seconds: float, epochs: int, left: str
) -> None:
    """By the clock, with all that is measured between the updates; 3 updates are an epoch."""
    assert left in shown(seconds, epochs=epochs)


def test_the_bar_shows_the_loss() -> None:
    run = tiny_run()
    advance(run, 4)
    assert run.measured[-1].during_loss is not None
    stream = Terminal()
    RichBar(stream).show(run)
    assert f"loss {run.measured[-1].during_loss:#.4g}" in stream.getvalue()
    run.collect()
    bar = Terminal()
    RichBar(bar).show(run)
    assert f"loss {run.sums.mean_loss:#.4g}" in bar.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_the_bar_fits_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown(100.0, epochs=9999))
    for line in re.split(r"[\r\n]", text):
        assert len(line) <= width
    assert "h " in text
    assert "left" in text


@for_each("name", [recipe.name for recipe in recipes()])
def test_help_names_every_setting_of_the_recipe(
    name: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    for command in ("train", "sweep", "lockstep"):
        with pytest.raises(SystemExit) as caught:
            main([command, name, "--help"])
        assert caught.value.code == 0
        out = capsys.readouterr().out
        text = " ".join(out.split())
        options = re.findall(r"^  --([a-z-]+) ", out, re.MULTILINE)
        for setting in find_recipe(name).hyperparameters:
            if command == "lockstep" and setting.name == "epochs":
                continue
            assert setting.name.replace("_", "-") in options
            assert setting.bounds() in text
            if command != "lockstep":
                assert f"Default: {setting.default}." in text
        others = {s.name for r in recipes() for s in r.hyperparameters}
        others -= {setting.name for setting in find_recipe(name).hyperparameters}
        for other in others:
            assert other.replace("_", "-") not in options


def test_help_without_a_recipe_lists_all_choices(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    for recipe in recipes():
        for setting in recipe.hyperparameters:
            for choice in setting.choices:
                assert choice in text
    assert "`dltutor train RECIPE --help` shows those of one recipe." in text


@pytest.mark.parametrize("where", ["a file", "a file/below", "a file/below/far"])
def test_where_nothing_can_be_exported_nothing_is_trained(
    where: str, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "a file").touch()
    words = ["train", "linear", "--json", "--export", str(tmp_path / where)]
    assert main(words) == 2
    captured = capsys.readouterr()
    assert list(json.loads(captured.out)) == ["error"]
    assert "cannot be exported to" in captured.err
    assert main(["runs", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_an_export_goes_into_folders_that_do_not_exist_yet(tmp_path: Path, capsys: Capture) -> None:
    train(capsys, "linear", "--epochs", "1", "-q", "--export", str(tmp_path / "a" / "b" / "c"))
    assert len(list((tmp_path / "a" / "b" / "c").iterdir())) == 1


FRESH = [
    ["train", "softmax", "--epochs", "1"],
    ["sweep", "softmax", "--epochs", "1", "--no-keep"],
    ["lockstep", "softmax", "softmax-concise", "--steps", "1", "--precision", "float32"],
]


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without images."""
    monkeypatch.setitem(SYSTEM_FOLDERS, "fashion-mnist", ())


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("words", FRESH)
def test_a_fresh_machine_trains_on_the_glyph_set(words: list[str], capsys: Capture) -> None:
    assert main([*words, "--json", "--device", "cpu"]) in (0, 1)
    captured = capsys.readouterr()
    assert captured.err.count("Training on the built-in glyph set instead") == 1
    assert "`dltutor data fetch fashion-mnist`" in captured.err
    assert json.loads(captured.out.splitlines()[0])["synthetic"] is True


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("words", FRESH)
def test_real_images_can_be_required(words: list[str], capsys: Capture, tmp_path: Path) -> None:
    for more in (["--require-real"], ["--data-dir", str(tmp_path)]):
        assert main([*words, *more]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert "`dltutor data fetch fashion-mnist" in captured.err
    assert main([*words, "--require-real", "--synthetic"]) == 2
    assert "exclude each other" in capsys.readouterr().err


@pytest.mark.usefixtures("fresh")
def test_a_run_on_the_glyph_set_goes_on_with_that(capsys: Capture) -> None:
    assert main(["train", "softmax", "--epochs", "1", "-q"]) == 0
    capsys.readouterr()
    assert main(["eval", "softmax-1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["synthetic"] is True
    assert main(["predict", "softmax-1", "--json"]) == 0
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)) == 10
    assert "softmax-1 knows only the built-in glyph set" in captured.err
    assert main(["runs", "resume", "softmax-1", "--epochs", "2", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out.splitlines()[0])["synthetic"] is True
    assert "instead" not in captured.err
