"""`dltutor predict`: ask the model of a kept run about images."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from engine.language import _
from engine.recipes.catalog import find_recipe
from tui.columns import left, widest
from tui.commands import Command
from tui.commands.runs_about import find_model
from tui.commands.shared_options import add_data_dir, add_device, add_run
from tui.streams import shown

COMMAND = Command(
    "predict",
    _("ask the model of a kept run about images"),
    place=66,
    description=_("""\
Say what the model of a kept run sees in images.

An image file is scaled to 28 × 28 grey pixels; one on a light background is inverted, because the
training images are light on dark. Without an image, the first test images are classified.
"""),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_run(parser)
    parser.add_argument(
        "images",
        nargs="*",
        type=Path,
        metavar="IMAGE",
        help=_("image files, such as digit.png (default: the first test images)"),
    )
    add_device(parser)
    add_data_dir(parser)
    parser.add_argument("--json", action="store_true", help=_("print a JSON list"))


def run(args: argparse.Namespace) -> int:
    """Classify; the exit status."""
    from engine.training.task import Source
    from engine.training.trained import predict, trained

    entry = find_model(args.run)
    recipe = find_recipe(entry.run.recipe)
    source = Source(args.device, args.data_dir)
    task = trained(entry, recipe, source, other_images=bool(args.images))
    found = predict(task, args.images)
    if task.synthetic:
        text = _("{run} knows only the built-in glyph set, which it was trained on.")
        print(f"dltutor: {text.format(run=entry.name)}", file=sys.stderr)
    if args.json:
        rows = [{**asdict(one), "right": one.right or None} for one in found]
        print(json.dumps(rows, indent=1))
        return 0
    names = [shown(one.source) for one in found]  # a name may hold escape sequences
    sources = widest(names)
    labels = widest(one.label for one in found)
    for name, one in zip(names, found, strict=True):
        mark = "" if not one.right else "✓" if one.right == one.label else f"✗ {one.right}"
        cells = (
            left(name, sources),
            left(one.label, labels),
            f"{one.probability:6.1%}",
            mark,
        )
        print("  ".join(cells).rstrip())
    return 0
