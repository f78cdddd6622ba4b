"""A training as files for other programs: measurements as CSV, their origin as JSON."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryFile

from engine.errors import UserError
from engine.folders import data_folder, ensure, expanded
from engine.language import _
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
    if screen is not None:
        files[SCREEN] = screen
    return export_files(
        snapshot, folder, {name: text.encode() for name, text in files.items()}, moment=moment
    )


def export_files(
    snapshot: Snapshot,
    folder: Path,
    files: Mapping[str, bytes],
    *,
    moment: datetime | None = None,
) -> Path:
    """Write files about a training, and its `settings.json`, to a new folder below `folder`.

    The folder appears when all is written, or not at all. Returns its path; raises UserError where
    it cannot be written.
    """
    moment = moment or datetime.now().astimezone()
    files = {**files, SETTINGS: settings_json(snapshot, moment).encode()}
    name = f"{snapshot.recipe}-{moment:%Y%m%d-%H%M%S}"
    try:
        parent = expanded(folder)
        ensure(parent)
        part = _new_folder(parent, f".{name}.part")
        try:
            for each, content in files.items():
                (part / each).write_bytes(content)
            return _renamed(part, parent / name)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    except OSError as error:
        raise _refused(folder, error) from error


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
    for target in _numbered(parent / name):
        with contextlib.suppress(FileExistsError):
            target.mkdir(mode=0o700)
            return target
    raise FileExistsError(f"{parent / name} exists a thousand times")


def _renamed(part: Path, target: Path) -> Path:
    """Give a folder the name `target`, with a number where that is taken; its path."""
    for free in _numbered(target):
        # One that somebody makes in between is not empty, and so it is not replaced.
        if not free.exists():
            with contextlib.suppress(FileExistsError, NotADirectoryError):
                return part.rename(free)
    raise FileExistsError(f"{target} exists a thousand times")


def _numbered(path: Path) -> Iterator[Path]:
    yield path
    for number in range(2, 1000):
        yield path.with_name(f"{path.name}-{number}")


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
        "processes": [{"step": step, "count": count} for step, count in snapshot.processes],
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
