"""`dltutor trace`: one pass of backpropagation with every operation."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.activations import ACTIVATIONS
from engine.errors import UserError
from engine.language import _
from engine.naming import typed
from engine.network import BiasMode
from tui.commands import Command

if TYPE_CHECKING:
    from engine.problem_file import Json

COMMAND = Command(
    "trace",
    _("run the worked network and print every operation"),
    place=50,
    description=_("""\
Run the worked network and print every operation, the gradients computed in three ways, and the
update.

Without options, this is the 2-2-2 sigmoid network of the lesson backprop/worked-example, with one
bias per unit. The published numbers of that network belong to --bias frozen.

  --bias frozen    one bias per unit; updates do not change it, its gradient is still shown
  --bias per-unit  one bias per unit, updated like a weight
  --bias shared    one bias per layer; its gradient is the sum over the units of the layer

The file of --weights is a JSON object with any of the keys layers, activation, x, target, W, b,
lr and bias_mode. W holds one matrix per layer after the input, with one row per receiving unit
(the layout of torch.nn.Linear). b holds one list per layer: one number per unit, or a single
number if the bias is shared (a bare number or a list of equal numbers works too). An option
overrides the file. What neither specifies is taken from the worked example if the layers have the
same widths, and is drawn at random with --seed if not.

With --json, `z`, `a`, `deltas`, `W` and `b` start at the first layer after the input. `b` under
`gradients` and `updated` is a list per layer: one number per unit, or a single number if the bias
is shared. All numbers are those after the number of updates given by --updates; `updated` and
`loss_after` belong to the update that would follow.
"""),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--x",
        metavar="X1,X2,…",
        help=_("the input: numbers separated by commas, such as 0.05,-0.10"),
    )
    parser.add_argument(
        "--target",
        metavar="T1,T2,…",
        help=_("the target: numbers separated by commas, such as 0.05,-0.10"),
    )
    parser.add_argument(
        "--weights",
        type=Path,
        metavar="FILE",
        help=_("read the network from this JSON file, described above"),
    )
    parser.add_argument(
        "--layers",
        metavar="N,N,…",
        help=_("units per layer, input first, such as 2,3,2 (default: 2,2,2)"),
    )
    parser.add_argument(
        "--activation",
        metavar="NAME[,NAME…]",
        help=_("one for all layers, or one per layer: {names} (default: sigmoid)").format(
            names=", ".join(ACTIVATIONS)
        ),
    )
    parser.add_argument("--lr", type=float, metavar="X", help=_("the learning rate (default: 0.5)"))
    parser.add_argument(
        "--bias",
        choices=[str(mode) for mode in BiasMode],
        help=_("how biases are updated, described above (default: per-unit)"),
    )
    parser.add_argument(
        "--updates",
        type=int,
        default=0,
        metavar="N",
        help=_("show the state after N updates (default: 0)"),
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help=_("seed for random numbers (default: 0)")
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run(args: argparse.Namespace) -> int:
    """Print one pass of backpropagation."""
    from engine.problem_file import build_problem, read_problem_file
    from engine.trace_report import trace_json, trace_lines

    if args.seed < 0:
        raise UserError(
            _("The seed must be a whole number, 0 or more, not {seed}.").format(seed=args.seed)
        )
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
    """The options as entries of the file."""
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
        return int(typed(part))
    except ValueError:
        raise UserError(
            _(
                "--layers takes whole numbers separated by commas, such as 2,3,1; {part!r} is not"
                " a whole number."
            ).format(part=part)
        ) from None


def _number(option: str, part: str) -> float:
    try:
        return float(typed(part))
    except ValueError:
        raise UserError(
            _(
                "--{option} takes numbers separated by commas, such as 0.05,0.10; {part!r} is not"
                " a number."
            ).format(option=option, part=part)
        ) from None
