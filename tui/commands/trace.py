"""Run the worked network and print every operation, all three gradients and the update.

Without options it is the 2-2-2 sigmoid network of the lesson backprop/worked-example with one
bias per unit. The published figures of that network belong to --bias frozen.

  --bias frozen    one bias per unit; updates leave them alone, their gradients are still shown
  --bias per-unit  one bias per unit, updated like a weight
  --bias shared    one bias per layer; its gradient is the sum over the units of the layer

The file of --weights is a JSON object with any of the keys layers, activation, x, target, W, b,
lr and bias_mode. W holds one matrix per layer after the input, with one row per receiving unit
(the layout of torch's nn.Linear). b holds one list per layer: one number per unit, or a single
number where the bias is shared (a bare number or a list of equal numbers will do too). An option
wins over the file. What neither gives comes from the worked example where the widths are its own,
and is drawn from --seed where they are not.

With --json, `z`, `a`, `deltas`, `W` and `b` begin at the first layer after the input. `b` under
`gradients` and `updated` is a list per layer: one number per unit, or one number in all where the
bias is shared. All numbers are those after the updates that --updates asks for; `updated` and
`loss_after` belong to the one that would follow.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.activations import ACTIVATIONS
from engine.errors import UserError
from engine.network import BiasMode
from tui.commands import Command

if TYPE_CHECKING:
    from engine.problem_file import Json

COMMAND = Command("trace", "run the worked network and print every operation", place=50)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    numbers = "numbers with commas, such as 0.05,-0.10"
    parser.add_argument("--x", metavar="X1,X2,…", help=f"the input: {numbers}")
    parser.add_argument("--target", metavar="T1,T2,…", help=f"the target: {numbers}")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="JSON file, see above")
    parser.add_argument("--layers", metavar="N,N,…", help="units per layer, the input first")
    parser.add_argument(
        "--activation",
        metavar="NAME[,NAME…]",
        help=f"one for all layers, or one for each: {', '.join(ACTIVATIONS)}",
    )
    parser.add_argument("--lr", type=float, help="the learning rate (default 0.5)")
    parser.add_argument("--bias", choices=[str(mode) for mode in BiasMode], help="see above")
    parser.add_argument(
        "--updates", type=int, default=0, metavar="N", help="report after N updates (default 0)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="for numbers that are drawn (default 0)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Print one round of back-propagation."""
    from engine.problem_file import build_problem, read_problem_file
    from engine.trace_report import trace_json, trace_lines

    if args.seed < 0:
        raise UserError(f"The seed {args.seed} cannot be used. Give a whole number from 0 upwards.")
    data = read_problem_file(args.weights) if args.weights is not None else {}
    data.update(_options(args))
    problem = build_problem(data, args.seed).after(args.updates)
    if args.json:
        print(json.dumps(trace_json(problem), ensure_ascii=False, allow_nan=False))
        return 0
    for line in trace_lines(problem, args.updates):
        print(line)
    return 0


def _options(args: argparse.Namespace) -> Iterator[tuple[str, Json]]:
    """What the command line says, as entries of the file."""
    if args.layers is not None:
        yield "layers", [_whole(part) for part in args.layers.split(",")]
    if args.activation is not None:
        yield "activation", [part.strip() for part in args.activation.split(",")]
    if args.x is not None:
        yield "x", [_number("x", part) for part in args.x.split(",")]
    if args.target is not None:
        yield "target", [_number("target", part) for part in args.target.split(",")]
    if args.lr is not None:
        yield "lr", args.lr
    if args.bias is not None:
        yield "bias_mode", args.bias


def _whole(part: str) -> int:
    try:
        return int(part)
    except ValueError:
        raise UserError(
            f"--layers takes whole numbers with commas, as in 2,3,1, and {part!r} is not one."
        ) from None


def _number(option: str, part: str) -> float:
    try:
        return float(part)
    except ValueError:
        raise UserError(
            f"--{option} takes numbers with commas, as in 0.05,0.10, and {part!r} is not one."
        ) from None
