"""Records and checkpoints that hold no run any longer are named, and can be removed."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest

from engine.recipes.linear import LinearTask
from engine.training.checkpoint_file import load
from engine.training.run_files import checkpoint_path, record_path
from engine.training.sealing import sealed, unsealed
from tests.unit import warm
from tests.unit.tui.test_train_command import signal_before
from tui.cli import main

PROGRAM = """
import sys, time
from engine.recipes.linear import LinearTask
from tui.cli import main

def hang(*_given):
    print("measuring", flush=True)
    time.sleep(600)

LinearTask.evaluate = hang
sys.exit(main(sys.argv[1:]))
"""
WORDS = ["train", "linear", "--epochs", "1", "--device", "cpu", "-q"]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main(list(words))
    return status, *capsys.readouterr()


def listed(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], str]:
    """The names of the runs, and what is said beside them."""
    status, out, err = said(capsys, "runs", "list", "--json")
    assert status == 0
    return [run["run"] for run in json.loads(out)], err


def test_a_run_that_was_killed_while_it_began_is_told_of_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with warm.started(["-c", PROGRAM, *WORDS], loaded=True) as (process, stdout):
        while "measuring" not in (line := stdout.readline()):
            assert line, "it ended before"
        assert listed(capsys) == ([], "")
        for action in ("show", "rm"):
            assert "linear-1 is being trained" in said(capsys, "runs", action, "linear-1")[2]
        process.kill()
        assert process.wait(60) == -signal.SIGKILL
    assert record_path("linear-1").read_bytes() == b""
    assert "before the first update, with nothing to keep: linear-1." in listed(capsys)[1]
    assert listed(capsys) == ([], "")
    assert not record_path("linear-1").exists()
    assert main(WORDS) == 0
    assert listed(capsys) == (["linear-2"], "")


def test_a_name_that_was_just_reserved_is_not_given_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(WORDS) == 0
    record_path("linear-2").touch()  # killed before its number was written down
    assert "before the first update, with nothing to keep: linear-2." in listed(capsys)[1]
    assert not record_path("linear-2").exists()
    assert main(WORDS) == 0
    assert listed(capsys) == (["linear-3", "linear-1"], "")


@pytest.mark.parametrize("kept", [0, 200])
def test_a_damaged_record_is_named_until_it_is_removed(
    capsys: pytest.CaptureFixture[str], kept: int
) -> None:
    for _ in range(2):
        assert main(WORDS) == 0
    checkpoint_path("linear-1").write_bytes(checkpoint_path("linear-1").read_bytes()[:300])
    record = record_path("linear-1")
    record.write_bytes(record.read_bytes()[:kept])
    told = "Cannot be read: linear-1."
    mend = "`dltutor runs rm linear-1` removes them."
    for _ in range(2):
        names, err = listed(capsys)
        assert names == ["linear-2"]
        assert told in err
        assert mend in err
    for action in ("show", "resume", "replay", "export"):
        status, _, err = said(capsys, "runs", action, "linear-1")
        assert (status, told in err) == (2, True)
    status, out, _ = said(capsys, "runs", "rm", "linear-1", "linear-2", "--json")
    assert status == 0
    assert [json.loads(line)["run"] for line in out.splitlines()] == ["linear-1", "linear-2"]
    assert listed(capsys) == ([], "")
    assert not record.exists()
    assert not checkpoint_path("linear-1").exists()


def test_a_record_in_the_place_of_another_does_not_pass_for_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for rate in ("0.01", "0.1"):
        assert main([*WORDS, "--lr", rate]) == 0
    one, other = record_path("linear-1"), record_path("linear-2")
    one.write_bytes(other.read_bytes())
    names, err = listed(capsys)
    assert names == ["linear-2", "linear-1"], "the checkpoint says what it was"
    assert f"! linear-1: The record {one} is damaged, belongs to another run" in err
    (_, first) = json.loads(said(capsys, "runs", "list", "--json")[1])
    assert first["settings"]["lr"] == 0.01
    checkpoint_path("linear-1").unlink()
    assert listed(capsys) == (["linear-2"], copy_of(one, "linear-2"))
    other.unlink()
    assert f"{one} belongs to linear-2. Rename it to linear-2.json, or remove" in listed(capsys)[1]


def copy_of(path: Path, run: str) -> str:
    """What is said of a file that belongs to another run, which has its own."""
    removes = f"`dltutor runs rm {path.stem}` removes it."
    return f"{path} belongs to {run}, which has its own. {removes}\n"


def test_a_checkpoint_in_the_place_of_another_does_not_pass_for_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for rate in ("0.01", "0.1"):
        assert main([*WORDS, "--epochs", "2", "--lr", rate]) == 0
    one, other = checkpoint_path("linear-1"), checkpoint_path("linear-2")
    before = json.loads(said(capsys, "runs", "list", "--json")[1])
    one.write_bytes(other.read_bytes())
    before[1]["damaged"] = ["checkpoint"]
    assert json.loads(said(capsys, "runs", "list", "--json")[1]) == before
    for words in (("runs", "resume"), ("predict",), ("eval",)):
        status, _, err = said(capsys, *words, "linear-1")
        assert (status, "belongs to the run linear-2, not to linear-1" in err) == (2, True)
    record_path("linear-1").unlink()
    assert listed(capsys) == (["linear-2"], copy_of(one, "linear-2"))
    other.unlink()
    names, err = listed(capsys)
    assert (names, f"{one} belongs to linear-2. Rename it to {other.name}," in err) == (
        ["linear-2"], True,
    )  # fmt: skip
    one.rename(other)
    assert listed(capsys) == (["linear-2"], "")


def test_one_that_was_begun_and_whose_checkpoint_is_cut_short_is_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(WORDS) == 0
    state = unsealed(record_path("linear-1").read_text())
    record_path("linear-1").write_text(sealed({**state, "state": "begun", "step": 0}))
    checkpoint_path("linear-1").write_bytes(checkpoint_path("linear-1").read_bytes()[:300])
    names, err = listed(capsys)
    assert (names, "! linear-1: The checkpoint" in err) == (["linear-1"], True)
    assert "* linear-1" not in said(capsys, "runs", "list")[1], "it cannot be resumed"


def flip(path: Path, place: int) -> None:
    """Change one bit of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def test_a_damaged_checkpoint_is_told_of_wherever_the_run_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(LinearTask, "update", signal_before(142, signal.SIGINT))
        assert main([*WORDS, "--epochs", "3"]) == 130
    assert main(WORDS) == 0
    assert "* linear-1" in said(capsys, "runs", "list")[1]
    path = checkpoint_path("linear-1")
    flip(path, -1)
    told = f"The checkpoint {path} is damaged or cut short"
    _, out, err = said(capsys, "runs", "list")
    assert "! linear-1" in out
    assert "  linear-2" in out
    assert f"! linear-1: {told}" in err
    rows = json.loads(said(capsys, "runs", "list", "--json")[1])
    assert [row.get("damaged") for row in rows] == [None, ["checkpoint"]]
    assert re.search(
        f"^damaged +{re.escape(told)}", said(capsys, "runs", "show", "linear-1")[1], re.M
    )
    assert json.loads(said(capsys, "runs", "show", "linear-1", "--json")[1])["damaged"] == [
        "checkpoint"
    ]
    assert "damaged" not in said(capsys, "runs", "show", "linear-2")[1]
    status, _, err = said(capsys, "train", "linear", "--resume", "--epochs", "2", "-q")
    assert (status, err.count("\n")) == (0, 2)
    assert err.startswith(f"dltutor: {told}")
    assert err.endswith("Resuming linear-2 instead.\n")


def test_damage_to_the_parameters_is_told_where_they_are_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(WORDS) == 0
    path = checkpoint_path("linear-1")
    rows = said(capsys, "runs", "list", "--json")
    flip(path, path.read_bytes().index(load(path).parameters["w"].tobytes()))
    assert said(capsys, "runs", "list", "--json") == rows, "it reads no parameters"
    shown = json.loads(said(capsys, "runs", "show", "linear-1", "--json")[1])
    assert shown["damaged"] == ["checkpoint"]
    for words in (("runs", "resume", "linear-1", "--epochs", "2"), ("eval", "linear-1"),
                  ("runs", "export", "linear-1", "--format", "safetensors")):  # fmt: skip
        status, _, err = said(capsys, *words)
        assert (status, f"The checkpoint {path} is damaged" in err) == (2, True)
    record_path("linear-1").unlink()
    (row,) = json.loads(said(capsys, "runs", "list", "--json")[1])
    assert row["parameters_sha256"] == json.loads(rows[1])[0]["parameters_sha256"]


def test_a_run_whose_checkpoint_is_cut_short_is_not_passed_over_in_silence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for count in (142, 120):
        with monkeypatch.context() as patch:
            patch.setattr(LinearTask, "update", signal_before(count, signal.SIGINT))
            assert main([*WORDS, "--epochs", "3"]) == 130
    path = checkpoint_path("linear-2")
    path.write_bytes(path.read_bytes()[:300])
    _, _, err = said(capsys, "train", "linear", "--resume", "-q")
    assert f"The checkpoint {path} is damaged or cut short" in err
    assert err.endswith("Resuming linear-1 instead.\n")


def test_a_record_that_was_edited_is_not_believed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(WORDS) == 0
    (before,) = json.loads(said(capsys, "runs", "list", "--json")[1])
    path = record_path("linear-1")
    text = path.read_text()
    assert '"lr": 0.03' in text
    path.write_text(text.replace('"lr": 0.03', '"lr": 0.05'))
    (after,) = json.loads(said(capsys, "runs", "list", "--json")[1])
    assert after == {**before, "damaged": ["record"]}
    assert "comes from the checkpoint" in said(capsys, "runs", "show", "linear-1")[1]
    checkpoint_path("linear-1").unlink()
    names, err = listed(capsys)
    assert (names, "Cannot be read: linear-1." in err) == ([], True)
    path.write_text(json.dumps(json.loads(text), indent=1))
    assert listed(capsys) == (["linear-1"], ""), "blanks say nothing"
    state = json.loads(text)
    del state["sha256"]
    path.write_text(json.dumps(state))
    assert listed(capsys) == (["linear-1"], ""), "as a version without seals wrote it"


def test_what_cannot_be_removed_is_not_said_to_be(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(WORDS) == 0

    def refuse(path: Path, **_given: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        status, out, err = said(capsys, "runs", "rm", "linear-1")
    assert (status, out) == (2, "")
    assert f"{checkpoint_path('linear-1')} cannot be removed: Permission denied." in err
    assert listed(capsys) == (["linear-1"], "")
    checkpoint_path("linear-2").mkdir()
    assert "is a folder, which dltutor did not" in said(capsys, "runs", "rm", "linear-2")[2]
