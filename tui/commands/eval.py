"""`dltutor eval`: measure the model of a kept run on its test set."""

from __future__ import annotations

import argparse
import json
import sys

from engine.language import _
from engine.recipes.catalog import find_recipe
from tui.commands import Command
from tui.commands.runs_about import find_model
from tui.commands.shared_options import add_data_dir, add_device, add_run

COMMAND = Command(
    "eval",
    _("measure the model of a kept run on its test set"),
    place=67,
    description=_("Measure the model of a kept run on its whole test set: loss and accuracy."),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_run(parser)
    add_device(parser)
    add_data_dir(parser)
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run(args: argparse.Namespace) -> int:
    """Measure; the exit status."""
    from engine.training.task import Source
    from engine.training.trained import trained

    entry = find_model(args.run)
    recipe = find_recipe(entry.run.recipe)
    task = trained(entry, recipe, Source(args.device, args.data_dir))
    if entry.run.data_sha256 not in ("", task.data_sha256):
        text = _("The data at hand are not those on which {run} was trained.")
        print(f"dltutor: {text.format(run=entry.name)}", file=sys.stderr)
    found = task.evaluate()
    if args.json:
        facts = {
            "run": entry.name,
            "dataset": task.dataset_name,
            "synthetic": task.synthetic,
            "test_samples": task.test_samples,
            "test_loss": found.loss,
            "test_accuracy": found.accuracy,
        }
        print(json.dumps(facts))
        return 0
    samples = _("{run} on {count} test samples of {dataset}").format(
        run=entry.name, count=task.test_samples, dataset=task.dataset
    )
    print(samples)
    print(_("loss {loss}").format(loss=f"{found.loss:.6g}"))
    if found.accuracy is not None:
        print(_("accuracy {accuracy}").format(accuracy=f"{found.accuracy:.4f}"))
    return 0
