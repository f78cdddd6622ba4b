"""What `dltutor sweep` prints: a line per training, then a table and charts; or JSON lines."""

from __future__ import annotations

import csv
import json
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.data.sets import IMAGE_SETS
from engine.language import _
from engine.training.grid import FIGURES, Point, best, judge, points
from engine.training.hyperparameters import SettingKind
from engine.training.order import TrainingOrder
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from engine.training.trial import SEED, Trial, TrialStatus
from tui.columns import left, right, widest
from tui.commands.train_output import Outlet
from tui.math.width import cell_width

if TYPE_CHECKING:
    from tui.commands.sweep_pool import Progress

_STATUS = {
    TrialStatus.FINISHED: _("finished"),
    TrialStatus.DIVERGED: _("diverged"),
    TrialStatus.FAILED: _("failed"),
    TrialStatus.INTERRUPTED: _("interrupted"),
}


def setting_label(recipe: Recipe, settings: dict[str, Setting], varied: Sequence[str]) -> str:
    """The settings in which the trainings of a sweep differ: `lr 0.1 · adam`."""
    words = []
    for name in varied:
        value = settings[name]
        choice = recipe.hyperparameter(name).kind is SettingKind.CHOICE
        shown = value if isinstance(value, str) else f"{value:g}"
        words.append(str(shown) if choice else f"{name.replace('_', ' ')} {shown}")
    return " · ".join(words)


def varied_settings(recipe: Recipe, orders: Sequence[TrainingOrder]) -> list[str]:
    """The settings but the seed that differ among `orders`, else those that are no defaults."""
    names = [p.name for p in recipe.hyperparameters if p.name != SEED]
    found = [name for name in names if len({order.settings[name] for order in orders}) > 1]
    if found:
        return found
    given = [n for n in names if orders[0].settings[n] != recipe.hyperparameter(n).default]
    return given or ["lr"]


class Reporter:
    """Reports a sweep; on a terminal, one line on stderr follows the training under way."""

    def __init__(self, recipe: Recipe, orders: Sequence[TrainingOrder], *, as_json: bool) -> None:
        self._recipe, self._orders, self._as_json = recipe, orders, as_json
        self._varied = varied_settings(recipe, orders)
        self._out = Outlet(sys.stdout)
        self._line = _Line()
        self._began = time.perf_counter()
        self._ended = self._reused = 0
        self._shares: dict[int, float] = {}
        self._label_width = widest(self._label(dict(order.settings)) for order in orders)

    def _label(self, settings: dict[str, Setting]) -> str:
        return setting_label(self._recipe, settings, self._varied)

    def progress(self, now: Progress) -> None:
        """Show how far the sweep is."""
        self._shares[now.number] = now.share
        order = self._orders[now.number]
        parts = [
            f"{self._ended}/{len(self._orders)}",
            self._label(dict(order.settings)),
            _("seed {seed}").format(seed=order.settings[SEED]),
            _("epoch {epoch}/{epochs}").format(epoch=now.epoch, epochs=now.epochs),
        ]
        new = self._ended - self._reused + sum(self._shares.values())
        to_do = len(self._orders) - self._reused
        if new > 0:
            spent = time.perf_counter() - self._began
            seconds = spent * (to_do - new) / new
            parts.append(_("about {seconds:.0f} s left").format(seconds=max(seconds, 0)))
        self._line.show("  ".join(parts))

    def ended(self, trial: Trial) -> None:
        """Print what came of one training."""
        self._ended += 1
        self._reused += trial.reused
        number = next(
            i for i, order in enumerate(self._orders)
            if dict(order.settings) == dict(trial.settings)
        )  # fmt: skip
        self._shares.pop(number, None)
        if self._as_json:
            self._event("run", fields(trial))
            return
        self._line.hide()
        words = [
            right(f"{self._ended}/{len(self._orders)}", 2 * len(str(len(self._orders))) + 1),
            left(self._label(dict(trial.settings)), self._label_width),
            _("seed {seed}").format(seed=trial.settings[SEED]),
            self._result(trial),
        ]
        note = [trial.run] if trial.run else []
        note += [_("trained before")] if trial.reused else []
        if note:
            words.append(f"({', '.join(note)})")
        self._out.line("  ".join(words))

    def warn(self, text: str) -> None:
        """Say what went wrong beside the trainings."""
        self._line.hide()
        Outlet(sys.stderr).line(f"dltutor: {text}")

    def _result(self, trial: Trial) -> str:
        if trial.status is not TrialStatus.FINISHED:
            text = _("{status} in epoch {epoch}")
            return text.format(status=_STATUS[trial.status], epoch=trial.epoch + 1)
        last = trial.last
        if last is None:
            return _STATUS[trial.status]
        text = _("test loss {value}").format(value=_number(last.test_loss))
        if last.test_accuracy is not None:
            text += _(", accuracy {value}").format(value=_percent(last.test_accuracy) + " %")
        return text

    def summary(self, trials: Sequence[Trial], status: str, *, chart: bool) -> None:
        """Print what all trainings together say."""
        self._line.hide()
        found = points(trials)
        if self._as_json:
            winner = best(found)
            self._event(
                "summary",
                {
                    "recipe": self._recipe.name,
                    "status": status,
                    "runs": len(trials),
                    "points": [point_fields(point) for point in found],
                    "best": dict(winner.settings) if winner else None,
                    "best_by": judge(found) if winner else None,
                },
            )
        for line in [] if self._as_json else self._table(found):
            self._out.line(line)
        if chart and trials:
            from tui.commands.sweep_chart import charts

            # JSON on stdout stays JSON.
            stream = Outlet(sys.stderr) if self._as_json else self._out
            width = shutil.get_terminal_size().columns
            for line in charts(self._recipe, found, self._varied, width):
                stream.line(line)

    def settle(self) -> None:
        """Raise OSError where the result could not be written; the trainings are kept."""
        self._out.settle()

    def _table(self, found: Sequence[Point]) -> list[str]:
        lines = []
        if any(trial.synthetic for point in found for trial in point.trials):
            lines += self._data()
        for part, title in (
            ("train", _("on training samples")),
            ("validation", _("on samples held out")),
            ("test", _("on the test set")),
        ):
            loss, accuracy = f"{part}_loss", f"{part}_accuracy"
            if not any(point.spread(loss) for point in found):
                continue
            classifies = any(point.spread(accuracy) for point in found)
            rows = [["", _("runs"), _("loss"), _("min"), _("max")]]
            rows[0] += [_("accuracy %"), _("min"), _("max")] if classifies else []
            for point in found:
                cells = [self._label(dict(point.settings)), _counted(point)]
                one = point.spread(loss)
                cells += [_number(v) for v in (one.mean, one.low, one.high)] if one else ["-"] * 3
                if classifies:
                    of = point.spread(accuracy)
                    shares = (of.mean, of.low, of.high) if of else ()
                    cells += [_percent(v) for v in shares] or ["-"] * 3
                rows.append(cells)
            widths = [max(widest(column), 7) for column in zip(*rows, strict=True)]
            lines += ["", _("{title}, after the last epoch").format(title=title)]
            for cells in rows:
                first = left(cells[0], widths[0])
                rest = (right(c, w) for c, w in zip(cells[1:], widths[1:], strict=True))
                lines.append("  ".join((first, *rest)).rstrip())
        return lines + self._notes(found)

    def _data(self) -> list[str]:
        """That the images are drawn, where the recipe trains on images."""
        from engine.data.glyphs import TITLE

        known = self._recipe.dataset in IMAGE_SETS
        return ["", _("data: {name}").format(name=TITLE)] if known else []

    def _notes(self, found: Sequence[Point]) -> list[str]:
        lines = [""]
        for point in found:
            for status in (TrialStatus.DIVERGED, TrialStatus.FAILED, TrialStatus.INTERRUPTED):
                seeds = point.seeds(status)
                if seeds:
                    text = _("{label}: {status} with {seeds}; not in the means.")
                    named = _("seed {seeds}") if len(seeds) == 1 else _("seeds {seeds}")
                    lines.append(
                        text.format(
                            label=self._label(dict(point.settings)), status=_STATUS[status],
                            seeds=named.format(seeds=", ".join(map(str, seeds))),
                        )
                    )  # fmt: skip
        errors = dict.fromkeys(
            trial.error for point in found for trial in point.of(TrialStatus.FAILED)
        )
        lines += [error for error in errors if error]
        winner = best(found)
        if winner is not None and len(found) > 1:
            lines += self._best(winner, judge(found))
            some = any(
                point.of(TrialStatus.DIVERGED) and point.of(TrialStatus.FINISHED) for point in found
            )
            if some and not winner.of(TrialStatus.DIVERGED):
                lines.append(_("Settings with which a training diverged are left out of this."))
        return lines if len(lines) > 1 else []

    def _best(self, winner: Point, figure: str) -> list[str]:
        label = self._label(dict(winner.settings))
        text = {
            "test_loss": _("Lowest mean test loss: {label}."),
            "test_accuracy": _("Highest mean test accuracy: {label}."),
            "validation_loss": _("Lowest mean validation loss: {label}."),
            "validation_accuracy": _("Highest mean validation accuracy: {label}."),
        }[figure].format(label=label)
        if figure.startswith("validation"):
            return [text]
        return [
            text,
            _("For a choice, use --validation 0.1: a test set that decides no longer tests."),
        ]

    def write_csv(self, trials: Sequence[Trial], path: Path) -> None:
        """Write one row per training; raises OSError."""
        names = [parameter.name for parameter in self._recipe.hyperparameters]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(
                [
                    "run",
                    "recipe",
                    *names,
                    "status",
                    "epochs_done",
                    "steps",
                    "seconds",
                    *FIGURES,
                    "device",
                    "synthetic",
                ]
            )
            for trial in trials:
                last = trial.last
                figures = [of(last) if last else None for of in FIGURES.values()]
                writer.writerow(
                    [trial.run, trial.recipe, *(trial.settings[name] for name in names),
                     trial.status.value, trial.epoch, trial.step, trial.seconds, *figures,
                     trial.device, trial.synthetic]
                )  # fmt: skip

    def _event(self, event: str, found: dict[str, object]) -> None:
        self._line.hide()
        self._out.line(json.dumps({"event": event, **found}, allow_nan=False))


def fields(trial: Trial) -> dict[str, object]:
    """A training for scripts."""
    last = trial.last
    return {
        "run": trial.run or None,
        "recipe": trial.recipe,
        "settings": dict(trial.settings),
        "status": trial.status.value,
        "reused": trial.reused,
        "device": trial.device,
        "synthetic": trial.synthetic,
        "epoch": trial.epoch,
        "step": trial.step,
        "seconds": trial.seconds,
        **{name: of(last) if last else None for name, of in FIGURES.items()},
        **({"error": trial.error} if trial.error else {}),
    }


def point_fields(point: Point) -> dict[str, object]:
    """The trainings with the same settings but for the seed, for scripts."""
    spreads = {name: point.spread(name) for name in FIGURES}
    return {
        "settings": dict(point.settings),
        **{f"{status.value}_seeds": point.seeds(status) for status in TrialStatus},
        **{
            name: {"mean": one.mean, "min": one.low, "max": one.high} if one else None
            for name, one in spreads.items()
        },
    }


def _counted(point: Point) -> str:
    """How many trainings the means are of, out of how many."""
    finished, count = len(point.of(TrialStatus.FINISHED)), len(point.trials)
    return str(count) if finished == count else f"{finished}/{count}"


def _number(value: float) -> str:
    return f"{value:#.4g}"


def _percent(share: float) -> str:
    return f"{100 * share:.2f}"


class _Line:
    """One line on stderr that is written over; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self._out = Outlet(sys.stderr, end="") if sys.stderr.isatty() else None
        self._is_shown = False

    def show(self, text: str) -> None:
        """Write `text` over the line."""
        if self._out is not None:
            width = shutil.get_terminal_size().columns - 1
            while cell_width(text) > width:
                text = text[:-1]
            self._out.line(f"\r\x1b[K{text}")
            self._is_shown = True

    def hide(self) -> None:
        """Clear the line of progress, so that something else can be printed."""
        if self._out is not None and self._is_shown:
            self._out.line("\r\x1b[K")
            self._is_shown = False
