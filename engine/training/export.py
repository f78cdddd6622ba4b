"""A training as files for other programs: measurements as CSV, their origin as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryFile

from engine.errors import UserError
from engine.folders import data_folder, ensure, expanded
from engine.language import _
from engine.replacing import replace_file
from engine.training.guess import as_json
from engine.training.snapshot import EpochMetrics, Snapshot

METRICS = "metrics.csv"
LOSSES = "losses.csv"
SETTINGS = "settings.json"
SCREEN = "screen.svg"


def export_folder() -> Path:
    """The default folder of exports; nothing is created."""
    return data_folder() / "exports"


def export(
    snapshot: Snapshot, folder: Path, *, screen: str | None = None, moment: datetime | None = None
) -> Path:
    """Write the training that `snapshot` shows to a new folder below `folder`; return its path.

    The files are `metrics.csv` (one row per epoch), `losses.csv` (one row per update, or per bucket
    of several), `settings.json` (settings, device, data and sha256 of data and parameters) and,
    where `screen` is given, `screen.svg`. Raises UserError where they cannot be written.
    """
    moment = moment or datetime.now().astimezone()
    files = {METRICS: metrics_csv(snapshot), LOSSES: losses_csv(snapshot)}
    files[SETTINGS] = settings_json(snapshot, moment)
    if screen is not None:
        files[SCREEN] = screen
    try:
        target = _new_folder(expanded(folder), f"{snapshot.recipe}-{moment:%Y%m%d-%H%M%S}")
        for name, text in files.items():
            replace_file(target / name, text.encode())
    except OSError as error:
        raise _refused(folder, error) from error
    return target


def refuse_unwritable(folder: Path) -> None:
    """Raise UserError where `folder` cannot be made, or nothing can be written to it."""
    try:
        with TemporaryFile(dir=ensure(expanded(folder))):
            pass
    except OSError as error:
        raise _refused(folder, error) from error


def _refused(folder: Path, error: OSError) -> UserError:
    return UserError(
        _("The training cannot be exported to {folder}: {reason}. Choose another folder.").format(
            folder=folder, reason=error.strerror or error
        )
    )


def _new_folder(parent: Path, name: str) -> Path:
    """A folder that did not exist before: `name`, with a number where it is taken."""
    ensure(parent)
    for number in range(1, 1000):
        target = parent / (name if number == 1 else f"{name}-{number}")
        try:
            target.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return target
    raise FileExistsError(f"{parent / name} exists a thousand times")


def metrics_csv(snapshot: Snapshot) -> str:
    """One row per epoch, from epoch 0, with all digits; an empty cell where nothing was measured.

    `train_` is measured after the epoch on a fixed subset of the training samples, `during_` on
    each sample just before the update that learns from it.
    """
    names = [f"gradient_norm {layer}" for layer in snapshot.layers]
    figures = [field.name for field in fields(EpochMetrics) if field.name != "gradient_norms"]
    rows = (
        [
            *(getattr(row, name) for name in figures),
            *(row.gradient_norms or [None] * len(names)),
        ]
        for row in snapshot.measured
    )
    return _csv([*figures, *names], rows)


def losses_csv(snapshot: Snapshot) -> str:
    """The losses of the mini-batches: a row per update, or per bucket of several at its last step.

    `updates` says how many: `min`, `mean` and `max` are over so many losses. A loss that was no
    finite number has a row of its own. A cell is empty where version 0.1 kept the mean alone.
    """
    curve = snapshot.losses
    nothing = (None,) * len(curve.steps)
    lows, highs, counts = curve.lows or nothing, curve.highs or nothing, curve.counts or nothing
    rows: list[tuple[object, ...]] = [
        *zip(curve.steps, lows, curve.values, highs, counts, strict=True)
    ]
    rows += [(step, name, name, name, 1) for step, name in curve.not_finite]
    rows.sort(key=itemgetter(0))
    return _csv(["step", "min", "mean", "max", "updates"], rows)


def _csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def settings_json(snapshot: Snapshot, moment: datetime) -> str:
    """Where the measurements come from, as indented JSON."""
    facts = {
        "program": "dltutor",
        "version": _version(),
        "exported": moment.isoformat(timespec="seconds"),
        "run": snapshot.run or None,
        "recipe": snapshot.recipe,
        "started_with": dict(snapshot.started_with or snapshot.settings),
        "changes": [asdict(change) for change in snapshot.changes],
        "settings": dict(snapshot.settings),
        "guess": as_json(snapshot.guess, snapshot.measured),
        "state": snapshot.state.value,
        "epoch": snapshot.epoch,
        "epochs": snapshot.epochs,
        "step": snapshot.step,
        "total_steps": snapshot.total_steps,
        "seconds": snapshot.seconds,
        "device": snapshot.device,
        "dataset": snapshot.dataset,
        "synthetic": snapshot.synthetic,
        "train_samples": snapshot.train_samples,
        "test_samples": snapshot.test_samples,
        "validation_samples": snapshot.validation_samples,
        "probe_samples": snapshot.probe_samples,
        "updates_per_row": {LOSSES: snapshot.losses.most},
        "data_sha256": snapshot.data_sha256 or None,
        "parameters_sha256": snapshot.parameters_sha256 or None,
    }
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def _version() -> str:
    try:
        return version("dltutor")
    except PackageNotFoundError:
        return "unknown"
