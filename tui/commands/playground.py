"""`dltutor playground`: train a small network on points in a plane, and watch it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from engine.errors import UserError
from engine.language import _
from tui.commands import Command

COMMAND = Command(
    "playground",
    _("train a small network on points, and watch every unit"),
    place=16,
    description=_("""\
A small network learns from points in a plane. You see its decision surface, what every unit gives,
and the losses, while it trains; and you can go back in time.

  dltutor playground --settings "data=spirals layers=8,8 rate=0.03"
  dltutor playground --csv points.csv --json --epochs 200

The file of --csv has two columns of numbers and a label; it implies data=csv.

Settings: data (circle, xor, moons, spirals, blobs, plane, hills, own, csv), features (x1, x2, x1^2,
x2^2, x1x2, sin1, sin2), layers (such as 4,2; 0 is none), activation, optimiser (sgd, momentum,
rmsprop, adam), rate, l1, l2, batch, noise, train (share of the points), seed, start (the first
weights: random, equal, zero).

The same settings give the same run, bit for bit on one kind of processor: the hash that --json
prints shows it."""),
)
MOST_EPOCHS = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--settings",
        default="",
        metavar="LINE",
        help=_("begin with these settings: NAME=VALUE …, described above"),
    )
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help=_("train on the points in this file")
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help=_("train without the screens, and print one JSON object"),
    )
    parser.add_argument(
        "--epochs",
        type=int,
        default=100,
        metavar="N",
        help=_("with --json: train N epochs (default: 100)"),
    )


def run(args: argparse.Namespace) -> int:
    """Open the playground, or train without it; 1 where the run diverges."""
    from engine.playground.csv_points import read_points
    from engine.playground.settings import parse

    if not 0 <= args.epochs <= MOST_EPOCHS:
        raise UserError(_("--epochs: give 0 to {most}.").format(most=MOST_EPOCHS))
    line = f"data=csv {args.settings}" if args.csv else args.settings
    settings = parse(line)
    read = read_points(args.csv) if args.csv else None
    if not args.json:
        from tui.cli import open_playground

        return open_playground(settings, read)
    from engine.playground.run import Run

    trained = Run(settings, read)
    for _epoch in range(args.epochs):
        trained.forward_epoch()
    now = trained.frame.now
    row = {
        "settings": settings.line,
        "epochs": trained.epoch,
        "steps": trained.state.step,
        "train_loss": now.train_loss,
        "test_loss": now.test_loss,
        "train_accuracy": now.train_accuracy,
        "test_accuracy": now.test_accuracy,
        "hash": trained.hash,
        "diverged": trained.diverged,
        "diagnoses": [one.as_json() for one in trained.frame.diagnoses],
    }
    print(json.dumps(row, ensure_ascii=False, indent=1))
    if trained.diverged:
        print(_("The run diverged: a parameter is no finite number."), file=sys.stderr)
    return 1 if trained.diverged else 0
