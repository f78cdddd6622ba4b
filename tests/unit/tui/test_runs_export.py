"""`dltutor runs export` and `train --export`: the files for other programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.training.run_files import checkpoint_path
from tests.unit.tui.runs import Capture, said
from tui.cli import main


def test_an_export_that_cannot_be_is_told_before_the_training(
    capsys: Capture, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    status, out, err = said(capsys, "train", "linear", "--export", str(blocked), "--json")
    assert (status, list(json.loads(out))) == (2, ["error"])
    assert "cannot be exported" in err


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("csv", "losses.csv"),
        ("tensorboard", "events.out.tfevents.*.dltutor"),
        ("safetensors", "model.safetensors"),
    ],
)
def test_a_run_is_exported_for_other_programs(
    capsys: Capture, tmp_path: Path, kind: str, file: str
) -> None:
    said(capsys, "train", "linear", "--epochs", "1", "--json")
    words = ("runs", "export", "linear-1", str(tmp_path), "--format", kind, "--json")
    status, out, _err = said(capsys, *words)
    assert status == 0
    folder = Path(json.loads(out)["folder"])
    assert folder.parent == tmp_path
    (found,) = folder.glob(file)
    assert found.stat().st_size > 100
    assert json.loads((folder / "settings.json").read_text())["run"] == "linear-1"


def test_an_export_without_a_folder_goes_where_the_screens_export(
    capsys: Capture, empty_home: Path
) -> None:
    said(capsys, "train", "linear", "--epochs", "1", "--json")
    status, out, _err = said(capsys, "runs", "export", "linear-1", "--format", "tensorboard")
    assert status == 0
    assert str(empty_home / ".local/share/dltutor/exports/linear-") in out


def test_what_cannot_be_exported_is_refused(capsys: Capture, tmp_path: Path) -> None:
    said(capsys, "train", "linear", "--epochs", "1", "--json")
    checkpoint_path("linear-1").unlink()
    words = ("runs", "export", "linear-1", str(tmp_path))
    status, _out, err = said(capsys, *words, "--format", "safetensors")
    assert status == 2
    assert "are not kept: they could not be saved, or the checkpoints of newer runs" in err
    with pytest.raises(SystemExit):
        main([*words, "--format", "pickle"])
    assert list(tmp_path.iterdir()) == []
