"""A kept run in words and as JSON: what `dltutor runs list` and `show` have in common."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from engine.language import _
from engine.naming import Shown
from engine.recipes.catalog import find_recipe, recipes
from engine.training.runs import KeptRun, run_label

if TYPE_CHECKING:
    from engine.training.archive import Entry

STATES = {
    "finished": _("finished"),
    "stopped": _("stopped"),
    "failed": _("failed"),
    "interrupted": _("interrupted"),
    "running": _("running"),
}
"""What became of a run, in the language of the learner."""


def names_of_recipes() -> list[str]:
    """Of which recipes runs are looked for."""
    return [recipe.name for recipe in recipes()]


def find(name: str) -> Entry:
    """The kept run called `name`; raises UserError."""
    from engine.training import archive

    return archive.find(name, names_of_recipes())


def find_model(name: str) -> Entry:
    """As `find`; says on stderr where the parameters are not those of the end of the run."""
    from engine.training.archive import told_behind

    entry = find(name)
    if told := told_behind(entry):
        print(f"dltutor: {told}", file=sys.stderr)
    return entry


def as_json(run: KeptRun) -> dict[str, object]:
    """A run for scripts; `settings` are those at its first update."""
    return {
        "run": run.run,
        "recipe": run.recipe,
        "settings": dict(run.started_with or run.settings),
        "changes": [asdict(change) for change in run.changes],
        **(
            {"processes": [{"step": step, "count": count} for step, count in run.processes]}
            if any(count > 1 for _step, count in run.processes)
            else {}
        ),
        "status": run.state,
        "epoch": run.epoch,
        "step": run.step,
        "parameters_sha256": run.parameters_sha256 or None,
    }


def with_damage(found: dict[str, object], damaged: Mapping[str, str]) -> dict[str, object]:
    """The run; where something of it cannot be used, `damaged` names that: record, checkpoint."""
    return {**found, "damaged": list(damaged)} if damaged else found


def label_of(run: KeptRun) -> str:
    """The settings that make a run what it is: `lr 0.5→0.05 @940`."""
    settings = run.started_with or run.settings
    return run_label(find_recipe(run.recipe), settings, changes=run.changes)


def result(run: KeptRun) -> str:
    """What was measured last on the test samples; empty where nothing was."""
    if not run.measured:
        return ""
    last = run.measured[-1]
    if last.test_accuracy is None:
        return _("test loss {value}").format(value=f"{Shown(last.test_loss):.4g}")
    return _("test accuracy {value}").format(value=f"{last.test_accuracy:.4f}")
