"""Trials that were trained before, so that an interrupted sweep goes on where it was.

Two sources: the kept runs, whoever trained them, and a list of the trials of earlier sweeps, one
JSON object a line in `sweeps/RECIPE.jsonl` of the data folder. The list outlives the kept runs, of
which only the latest stay, and it knows trials that were never kept.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, replace

from engine.folders import data_folder, ensure
from engine.replacing import replace_file
from engine.training.archive import entries
from engine.training.epochs import metrics_of
from engine.training.order import Loader, TrainingOrder, load_task
from engine.training.plain import NOT_WHOLE, NotPlain, metrics, read_plain, settings, text, whole
from engine.training.run_files import checkpoint_path
from engine.training.runs import KeptRun
from engine.training.trial import Trial, TrialStatus

VERSION = 1
MOST_TRIALS = 500
"""Trials of one recipe in the list; the oldest make room for new ones."""
MOST_ROWS = 64
"""Epochs of each that are kept, the first and the last among them."""


class TrialStore:
    """What earlier sweeps and trainings of one recipe have found."""

    def __init__(self, recipe: str, load_task: Loader = load_task) -> None:
        self._recipe = recipe
        self._load_task = load_task
        self._path = data_folder() / "sweeps" / f"{recipe}.jsonl"
        self._listed = list(self._read())
        kept = [entry.run for entry in entries([recipe])]
        self._kept = [trial for run in kept if (trial := _of_run(run)) is not None]
        self._names = {run.run for run in kept}
        self._data: set[str] = set()

    def find(self, order: TrainingOrder) -> Trial | None:
        """The finished or diverged trial with the settings, the device and the data of `order`.

        One that was interrupted is given too, if its checkpoint is still there.
        """
        for trial in (*reversed(self._listed), *self._kept):
            if dict(trial.settings) != dict(order.settings):
                continue
            if not self._is_usable(trial) or not self._fits(trial, order):
                continue
            return replace(trial, reused=True, run=trial.run if trial.run in self._names else "")
        return None

    def add(self, trial: Trial) -> None:
        """Remember a trial; a disk that refuses is left alone."""
        self._listed.append(trial)
        state = {"version": VERSION, **asdict(trial), "settings": dict(trial.settings)}
        state["measured"] = [asdict(trial.measured[at]) for at in _spread(len(trial.measured))]
        with contextlib.suppress(OSError):
            ensure(self._path.parent)
            if len(self._listed) > MOST_TRIALS and self._path.exists():
                self._shorten()
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as file:
                file.write(json.dumps(state) + "\n")

    def _shorten(self) -> None:
        """Leave the latest half of the list, so that this is not necessary each time."""
        lines = self._path.read_text(encoding="utf-8").splitlines(keepends=True)
        replace_file(self._path, "".join(lines[-MOST_TRIALS // 2 :]).encode())
        del self._listed[: -MOST_TRIALS // 2]

    def _is_usable(self, trial: Trial) -> bool:
        if trial.status is TrialStatus.INTERRUPTED:
            return trial.run in self._names and checkpoint_path(trial.run).exists()
        return trial.status in (TrialStatus.FINISHED, TrialStatus.DIVERGED)

    def _fits(self, trial: Trial, order: TrainingOrder) -> bool:
        """Whether the device and the data are the same; the data are loaded to see that."""
        from engine.devices import choose

        if trial.device != str(choose(order.source.device)):
            return False
        if trial.data_sha256 not in self._data:
            self._data.add(self._load_task(order).data_sha256)
        return trial.data_sha256 in self._data

    def _read(self) -> Iterator[Trial]:
        """The trials in the list; a damaged line hides no other."""
        with contextlib.suppress(OSError, UnicodeDecodeError, NotPlain):
            for line in read_plain(self._path).splitlines():
                with contextlib.suppress(*NOT_WHOLE):
                    yield _of_line(line)


def _of_line(line: str) -> Trial:
    """A trial from its JSON; raises ValueError, KeyError or TypeError where it is not one."""
    state = json.loads(line)
    if state.pop("version") != VERSION:
        raise ValueError("a trial of another version")
    state["status"] = TrialStatus(state["status"])
    state["measured"] = tuple(metrics(metrics_of(row)) for row in state["measured"])
    state["settings"] = settings(state["settings"])
    for name in ("recipe", "run", "device", "data_sha256"):
        text(state[name])
    for name in ("epoch", "step"):
        whole(state[name])
    return Trial(**state)


def _of_run(run: KeptRun) -> Trial | None:
    """A kept run as a trial; None where it was changed on the way, or did not run to its end.

    An interrupted one is its owner's: it is not continued by a sweep.
    """
    diverged = run.state == "failed" and bool(run.losses.not_finite)
    if run.changes or not (diverged or (run.state == "finished" and run.is_whole)):
        return None
    return Trial(
        recipe=run.recipe,
        settings=dict(run.started_with or run.settings),
        status=TrialStatus.DIVERGED if diverged else TrialStatus.FINISHED,
        run=run.run,
        epoch=run.epoch,
        step=run.step,
        seconds=run.seconds,
        measured=run.measured,
        device=run.device,
        synthetic=run.synthetic,
        data_sha256=run.data_sha256,
    )


def _spread(count: int) -> list[int]:
    """At most `MOST_ROWS` indices below `count`, the first and the last among them."""
    if count <= MOST_ROWS:
        return list(range(count))
    return sorted({round(i * (count - 1) / (MOST_ROWS - 1)) for i in range(MOST_ROWS)})
