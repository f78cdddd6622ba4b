"""`dltutor runs export`: what was measured or learned in a run, as files of other programs."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.language import _
from engine.recipes.catalog import find_recipe
from engine.training.export import export_folder
from engine.training.runs import KeptRun
from engine.training.snapshot import SessionState, Snapshot
from tui.commands.runs_about import find, find_model

if TYPE_CHECKING:
    from engine.training.archive import Entry

MODELS = ("safetensors", "onnx")
"""What holds parameters."""
FORMATS = ("csv", "tensorboard", *MODELS)
"""What a run can be written as; the first one by default."""


def export_run(args: argparse.Namespace) -> int:
    """Write the files, and say where; the exit status."""
    entry = (find_model if args.format in MODELS else find)(args.run)
    path = export_as(args.format, entry, args.folder or export_folder())
    if args.json:
        print(json.dumps({"run": args.run, "folder": str(path)}))
    else:
        print(_("Exported to {path}").format(path=path))
    return 0


def export_as(kind: str, entry: Entry, folder: Path) -> Path:
    """Write a run to a new folder in `folder`, as one of `FORMATS`; its path. Raises UserError."""
    from engine.training.archive import held_of, parameters_of
    from engine.training.digest import sha256_of_arrays
    from engine.training.export import export, export_files

    snapshot = snapshot_of(entry.run)
    if kind == "csv":
        return export(snapshot, folder)
    if kind == "tensorboard":
        from engine.exporting.tensorboard import event_file, file_name

        ended = datetime.fromisoformat(entry.run.ended)
        return export_files(snapshot, folder, {file_name(ended): event_file(snapshot, ended)})
    checkpoint = parameters_of(entry)
    if held := held_of(entry):  # what is written is the model as it was then
        digest = sha256_of_arrays(checkpoint.parameters)
        snapshot = replace(snapshot, epoch=checkpoint.epoch, step=held, parameters_sha256=digest)
    if kind == "safetensors":
        from engine.exporting.parameters import parameters_file

        files = {"model.safetensors": parameters_file(checkpoint)}
    else:
        from engine.exporting.onnx_model import onnx_file

        files = {"model.onnx": onnx_file(checkpoint, find_recipe(entry.run.recipe))}
    return export_files(snapshot, folder, files)


def snapshot_of(run: KeptRun) -> Snapshot:
    """A kept run as it was last seen."""
    ends = {"interrupted": SessionState.STOPPED}
    return Snapshot(
        state=ends.get(run.state) or SessionState(run.state),
        recipe=run.recipe,
        run=run.run,
        started_with=MappingProxyType(dict(run.started_with or run.settings)),
        changes=run.changes,
        processes=run.processes,
        guess=run.guess,
        settings=MappingProxyType(dict(run.settings)),
        device=run.device,
        dataset=run.dataset,
        synthetic=run.synthetic,
        train_samples=run.train_samples,
        test_samples=run.test_samples,
        validation_samples=run.validation_samples,
        probe_samples=run.probe_samples,
        epoch=run.epoch,
        epochs=run.epochs,
        step=run.step,
        total_steps=run.total_steps,
        seconds=run.seconds,
        losses=run.losses,
        measured=run.measured,
        layers=run.layers,
        data_dir=run.data_dir,
        data_sha256=run.data_sha256,
        parameters_sha256=run.parameters_sha256,
    )
