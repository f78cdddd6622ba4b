"""Finished and stopped trainings, kept so that they can be compared: in memory and on disk.

A kept run holds what was measured, not what was learned: a JSON file of some tens of kilobytes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.folders import data_folder
from engine.language import _
from engine.replacing import replace_file
from engine.training import plain
from engine.training.epochs import metrics_of, metrics_of_old
from engine.training.guess import Guess, as_stored, guess_of
from engine.training.hyperparameters import SettingKind
from engine.training.insight import Diagnosis, diagnosis_of
from engine.training.recipe import Recipe
from engine.training.run_files import BEGUN, MOST_KEPT, Stamp, checkpoint_path, stamp_of, written
from engine.training.sealing import sealed, unsealed
from engine.training.snapshot import Change, Curve, EpochMetrics, Processes, Setting, Snapshot
from engine.training.underway import is_running

MOST_POINTS = 512
"""Points of each curve of a kept run."""
MOST_SHOWN = 5
"""Runs of one recipe in one chart, besides the current one; those that differ only in the seed
count as one."""
VERSION = 2
"""Version 1 of dltutor 0.1 is still read: it kept means of losses, and train figures during the
epoch alone."""


@dataclass(frozen=True, slots=True)
class KeptRun:
    """What is kept of one training."""

    recipe: str
    settings: Mapping[str, Setting]
    device: str
    dataset: str
    state: str
    """How it ended: `finished`, `stopped` or `failed`; `BEGUN` until then."""
    epoch: int
    """Finished epochs."""
    epochs: int
    step: int
    seconds: float
    losses: Curve
    measured: tuple[EpochMetrics, ...]
    """Of a long training, epochs at even distances, including the last one."""
    ended: str
    """The moment in ISO format, UTC; no two kept runs of a recipe share it."""
    run: str = ""
    """The name of the run, such as `softmax-12`."""
    started_with: Mapping[str, Setting] = field(default_factory=dict)
    """The settings at the first update; `settings` are those at the end."""
    changes: tuple[Change, ...] = ()
    """What was changed between, in the order of the steps."""
    processes: Processes = ((0, 1),)
    """From which step on how many processes trained it."""
    synthetic: bool = False
    total_steps: int = 0
    train_samples: int = 0
    test_samples: int = 0
    validation_samples: int = 0
    probe_samples: int = 0
    """As in `Snapshot`."""
    layers: tuple[str, ...] = ()
    guess: Guess = field(default_factory=Guess)
    """What the learner guessed before the training."""
    diagnoses: tuple[Diagnosis, ...] = ()
    """What was wrong at the end."""
    data_dir: str = ""
    """As in `Snapshot`."""
    data_sha256: str = ""
    parameters_sha256: str = ""

    @property
    def data_kind(self) -> tuple[str, bool]:
        """What the run was trained on: runs on other data cannot be averaged with it."""
        return self.dataset, self.synthetic

    @property
    def is_whole(self) -> bool:
        """Whether it trained all its epochs."""
        return self.epoch >= self.epochs


def kept_run(snapshot: Snapshot, ended: datetime | None = None) -> KeptRun:
    """What to keep of the training that `snapshot` shows; `ended` is now by default."""
    moment = (ended or datetime.now(UTC)).isoformat(timespec="microseconds")
    return KeptRun(
        recipe=snapshot.recipe,
        settings=dict(snapshot.settings),
        device=snapshot.device,
        dataset=snapshot.dataset,
        state=snapshot.state.value,
        epoch=snapshot.epoch,
        epochs=snapshot.epochs,
        step=snapshot.step,
        seconds=snapshot.seconds,
        losses=snapshot.losses.merged(MOST_POINTS),
        measured=tuple(snapshot.measured[i] for i in _spread(len(snapshot.measured))),
        ended=moment,
        run=snapshot.run or _old_name(snapshot.recipe, moment),
        started_with=dict(snapshot.started_with or snapshot.settings),
        changes=snapshot.changes,
        processes=snapshot.processes,
        synthetic=snapshot.synthetic,
        total_steps=snapshot.total_steps,
        train_samples=snapshot.train_samples,
        test_samples=snapshot.test_samples,
        validation_samples=snapshot.validation_samples,
        probe_samples=snapshot.probe_samples,
        layers=snapshot.layers,
        guess=snapshot.guess,
        diagnoses=snapshot.insights.diagnoses,
        data_dir=snapshot.data_dir,
        data_sha256=snapshot.data_sha256,
        parameters_sha256=snapshot.parameters_sha256,
    )


def is_worth_keeping(snapshot: Snapshot) -> bool:
    """Whether there is anything to keep: at least one update, even if a divergence undid it."""
    return bool(snapshot.step or snapshot.losses.steps or snapshot.losses.not_finite)


def _spread(count: int) -> list[int]:
    """At most `MOST_POINTS` indices below `count`, evenly spread, with the first and the last."""
    if count <= MOST_POINTS:
        return list(range(count))
    return sorted({round(i * (count - 1) / (MOST_POINTS - 1)) for i in range(MOST_POINTS)})


def run_label(
    recipe: Recipe,
    settings: Mapping[str, Setting],
    among: Iterable[Mapping[str, Setting]] = (),
    changes: Sequence[Change] = (),
) -> str:
    """The settings that differ from the defaults, and those in which the runs `among` differ.

    `settings` are those at the first update. `lr 0.5 · relu`: a choice is shown alone, a number
    after its name; `lr 0.5→0.05 @940` where it was changed after 940 updates. `defaults` where
    there is nothing to show.
    """
    others = list(among)
    words = []
    for parameter in recipe.hyperparameters:
        value = settings.get(parameter.name, parameter.default)
        differs = value != parameter.default or any(
            other.get(parameter.name, parameter.default) != value for other in others
        )
        later = [change for change in changes if change.setting == parameter.name]
        if not differs and not later:
            continue
        choice = parameter.kind is SettingKind.CHOICE
        name = parameter.name.replace("_", " ")
        text = str(value) if choice else f"{name} {_short(value)}"
        words.append(text + "".join(f"→{_short(c.value)} @{c.step}" for c in later))
    return " · ".join(words) or _("defaults")


def _short(value: Setting) -> str:
    return value if isinstance(value, str) else f"{value:g}" if value < 1e6 else str(value)


def seed_groups(runs: Iterable[KeptRun]) -> tuple[tuple[KeptRun, ...], ...]:
    """The runs in groups that differ only in the seed, in the order in which they first come.

    A run that ended early or was changed on the way is alone, and so is a repetition of one.
    """
    groups: dict[object, list[KeptRun]] = {}
    for number, run in enumerate(runs):
        settings = run.started_with or run.settings
        key: object = tuple(sorted((k, str(v)) for k, v in settings.items() if k != "seed"))
        seeds = [of.settings.get("seed") for of in groups.get((key, run.data_kind), [])]
        alone = not run.is_whole or run.changes or run.settings.get("seed") in seeds
        groups.setdefault(number if alone else (key, run.data_kind), []).append(run)
    return tuple(tuple(group) for group in groups.values())


class RunStore:
    """The kept runs of every recipe; one that cannot be read or written is left out silently.

    What other programs keep, resume or remove meanwhile is seen at the next question.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is `runs` in the data folder by default."""
        self._folder = folder
        self._runs: dict[str, list[KeptRun]] = {}
        self._files: dict[Path, Stamp] = {}
        """The folders and records that were read or written, as they were then."""
        self._shown: dict[str, list[KeptRun]] = {}

    def of(self, recipe: str) -> tuple[KeptRun, ...]:
        """The runs of `recipe` that have ended, the latest first."""
        return tuple(run for run in self._load(recipe) if run.state != BEGUN)

    def begun(self, recipe: str) -> tuple[KeptRun, ...]:
        """Those that have not: their program trains them, or went away."""
        return tuple(run for run in self._load(recipe) if run.state == BEGUN)

    def begin(self, run: KeptRun) -> None:
        """Note a new run under the name that was reserved for it, so that no kill loses it.

        Of what it has learned since, nothing is saved, and nothing is noted.
        """
        nothing = replace(run, epoch=0, step=0, seconds=0.0, losses=Curve(), measured=())
        self._write(replace(nothing, state=BEGUN))

    def add(self, run: KeptRun) -> list[str]:
        """Keep `run`, in place of what was kept of it before it was resumed.

        The oldest runs beyond `MOST_KEPT` are dropped, and returned by their names, but none that
        another program trains, nor the latest unfinished one, which may be resumed next.
        """
        from engine.training.checkpoint_file import offered  # imported late: it takes NumPy

        runs = self._load(run.recipe)
        for old in [old for old in runs if run.run and old.run == run.run]:
            runs.remove(old)
            self.hide(old)
        run = _dated_after(run, runs)
        runs.insert(0, run)
        self.show(run)
        self._write(run, durable=True)
        written(run.run)  # where the disk has refused it, too: the name is no longer needed
        gone = []
        if len(runs) > MOST_KEPT:
            stays = offered(run.recipe, but=run.run)
            gone = [old for old in runs if old.run != stays and not is_running(old.run)][MOST_KEPT:]
        for old in gone:
            self.remove(old)
        return [old.run for old in gone]

    def remove(self, run: KeptRun) -> None:
        """Drop `run` here and on disk, with its checkpoint."""
        runs = self._load(run.recipe)
        if run in runs:
            runs.remove(run)
        self.hide(run)
        self._files.pop(self._path(run), None)
        # The record is the last to go, so that what a kill leaves is known as what it was.
        for path in (checkpoint_path(run.run) if self._folder is None else None, self._path(run)):
            with contextlib.suppress(OSError):
                if path is not None:
                    path.unlink()

    def shown(self, recipe: str) -> tuple[KeptRun, ...]:
        """The runs to compare in a chart, the latest first; at most `MOST_SHOWN`."""
        return tuple(run for run in self.of(recipe) if run in self._shown_list(recipe))

    def show(self, run: KeptRun) -> None:
        """Compare `run` too; where there are too many, the one that was chosen first gives way."""
        shown = self._shown_list(run.recipe)
        if run not in shown:
            shown.append(run)
        while len(seed_groups(shown)) > MOST_SHOWN:
            del shown[0]

    def hide(self, run: KeptRun) -> None:
        """Leave `run` out of the comparison; it stays kept."""
        shown = self._shown_list(run.recipe)
        if run in shown:
            shown.remove(run)

    def _shown_list(self, recipe: str) -> list[KeptRun]:
        if recipe not in self._shown:
            latest = self.of(recipe)
            count = max(
                (n for n in range(len(latest) + 1) if len(seed_groups(latest[:n])) <= MOST_SHOWN),
                default=0,
            )
            self._shown[recipe] = list(latest[:count][::-1])
        return self._shown[recipe]

    def _path(self, run: KeptRun) -> Path:
        """The file of `run`; one of version 0.1 is called by the moment at which it ended."""
        stamp = "".join(character for character in run.ended if character.isalnum())
        own = self._recipe_folder(run.recipe) / f"{run.run}.json"
        old = own.with_name(f"{stamp}.json")
        return old if run.run == _old_name(run.recipe, stamp) else own

    def _recipe_folder(self, recipe: str) -> Path:
        return (self._folder or data_folder() / "runs") / recipe

    def _load(self, recipe: str) -> list[KeptRun]:
        """The runs of `recipe`, always the same list; a folder that changed is read again."""
        runs = self._runs.setdefault(recipe, [])
        folder = self._recipe_folder(recipe)
        stamp = stamp_of(folder)
        if stamp != self._files.get(folder):
            before = [*runs]
            runs[:] = sorted(self._read_folder(recipe), key=lambda run: run.ended, reverse=True)
            self._files[folder] = stamp
            # Of a run that was resumed elsewhere, the new record is shown in place of the old one.
            now = {run.run: run for run in runs}
            shown = self._shown.get(recipe, [])
            shown[:] = [now[run.run] for run in shown if run.run in now]
            for old in before:
                if old.run not in now:
                    self._files.pop(self._path(old), None)
        return runs

    def _read_folder(self, recipe: str) -> Iterator[KeptRun]:
        """All runs there are: from memory where the record is the same, or could not be written."""
        known = {self._path(run): run for run in self._runs[recipe]}
        with contextlib.suppress(OSError):
            for path in self._recipe_folder(recipe).glob("*.json"):
                run, stamp = known.pop(path, None), stamp_of(path)
                if run is None or stamp != self._files.get(path):
                    # A damaged file must not hide the others.
                    with contextlib.suppress(OSError, *plain.NOT_WHOLE):
                        run = read_record(plain.read_plain(path))
                    self._files[path] = stamp
                # Nor must one that was copied to the place of another run.
                if run is not None and run.recipe == recipe and self._path(run) == path:
                    yield run
        yield from (run for path, run in known.items() if path not in self._files)

    def _write(self, run: KeptRun, *, durable: bool = False) -> None:
        path = self._path(run)
        state = {"version": VERSION, **asdict(run), "settings": dict(run.settings),
                 "started_with": dict(run.started_with),
                 "guess": as_stored(run.guess),
                 "diagnoses": [one.as_json() for one in run.diagnoses]}  # fmt: skip
        with contextlib.suppress(OSError):
            replace_file(path, sealed(state).encode(), durable=durable)
            self._files[path] = stamp_of(path)
            written(run.run)


def _dated_after(run: KeptRun, others: Iterable[KeptRun]) -> KeptRun:
    """The run; where the clock went back, it has ended just after the others, not before them."""
    latest = max((other.ended for other in others), default="")
    if latest <= datetime.now(UTC).isoformat(timespec="microseconds"):
        return run
    moment = datetime.fromisoformat(latest) + timedelta(microseconds=1)
    return replace(run, ended=moment.isoformat(timespec="microseconds"))


def _old_name(recipe: str, stamp: str) -> str:
    """The name of a run that version 0.1 kept without one: the digits of the moment it ended."""
    return f"{recipe}-{''.join(filter(str.isdecimal, stamp))}"


def read_record(text: str) -> KeptRun:
    """A kept run from its JSON; raises ValueError, KeyError or TypeError where it is not one."""
    state = unsealed(text)
    version = state.pop("version")
    if version not in (1, VERSION):
        raise ValueError("a kept run of another version")
    curve = plain.curve(state.pop("losses"))
    measured = tuple(
        map(metrics_of if version == VERSION else metrics_of_old, state.pop("measured"))
    )
    plain.moment(state["ended"])
    state["changes"] = tuple(Change(**change) for change in state.get("changes", ()))
    state["processes"] = plain.processes(state.get("processes", [[0, 1]]))
    state["layers"] = tuple(state.get("layers", ()))
    state["guess"] = guess_of(state.get("guess"))
    state["diagnoses"] = tuple(map(diagnosis_of, state.get("diagnoses", ())))
    state.setdefault("started_with", state["settings"])
    state.setdefault("run", _old_name(state["recipe"], state["ended"]))
    return _checked(KeptRun(losses=curve, measured=measured, **state))


def _checked(run: KeptRun) -> KeptRun:
    """The run; raises ValueError or TypeError where something of it is not what it should be."""
    for name in ("recipe", "device", "dataset", "state", "ended", "run", "data_dir", "data_sha256",
                 "parameters_sha256"):  # fmt: skip
        plain.text(getattr(run, name))
    for name in ("epoch", "epochs", "step", "total_steps", "train_samples", "test_samples",
                 "validation_samples", "probe_samples"):  # fmt: skip
        plain.whole(getattr(run, name))
    plain.number(run.seconds)
    for settings in (run.settings, run.started_with):
        plain.settings(settings)
    for change in run.changes:
        plain.change(change)
    for row in run.measured:
        plain.metrics(row)
    for layer in run.layers:
        plain.text(layer)
    for found in run.diagnoses:
        for text in (found.id, found.layer, found.title, found.text):
            plain.text(text)
    return run
