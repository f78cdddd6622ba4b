"""What `dltutor sweep --find-rate` prints."""

from __future__ import annotations

import json
import math
import shutil
import sys

from engine.language import _, plural
from engine.training.order import TrainingOrder
from engine.training.rate_finder import RateSweep
from engine.training.task import Task
from tui.commands.train_output import Outlet


def print_rates(
    order: TrainingOrder, task: Task, found: RateSweep, seconds: float, *, as_json: bool
) -> None:
    """One JSON object; or a chart, and a sentence with the suggested rate."""
    out = Outlet(sys.stdout)
    if as_json:
        state = {
            "recipe": order.recipe.name,
            "settings": {name: value for name, value in order.settings.items() if name != "lr"},
            "device": str(task.device),
            "dataset": task.dataset_name,
            "synthetic": task.synthetic,
            "low": found.low,
            "high": found.high,
            "suggested": found.suggested,
            "reason": found.reason.value if found.reason else None,
            "steepest": found.steepest,
            "diverged": found.diverged,
            "sentence": found.sentence,
            "points": [
                {"rate": point.rate, "loss": _finite(point.loss),
                 "smoothed": _finite(point.smoothed)}
                for point in found.points
            ],
        }  # fmt: skip
        out.line(json.dumps(state, allow_nan=False))
        out.settle()
        return
    from tui.commands.sweep_chart import rate_chart

    for line in rate_chart(found, shutil.get_terminal_size().columns):
        out.line(line)
    out.line("")
    updates = plural("{count} update", "{count} updates", len(found.points))
    text = _("{recipe}: {updates} at growing rates, {seconds:.1f} s.")
    out.line(text.format(recipe=order.recipe.name, updates=updates, seconds=seconds))
    out.line(_("data: {name}").format(name=task.dataset))
    out.line(found.sentence)
    out.settle()


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
