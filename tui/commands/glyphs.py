"""On a machine without the images: the built-in glyph set instead, and a word about it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from engine.errors import UserError
from engine.language import _
from engine.training.task import Source
from tui.commands.shared_options import add_data_dir
from tui.commands.train_output import Outlet

if TYPE_CHECKING:
    from engine.training.checkpoint import Checkpoint
    from engine.training.recipe import Recipe

T = TypeVar("T")


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Declare where the images come from: `--data-dir`, `--synthetic`, `--require-real`."""
    add_data_dir(parser)
    parser.add_argument(
        "--synthetic", action="store_true", help=_("use the built-in glyph set as the images")
    )
    parser.add_argument(
        "--require-real",
        action="store_true",
        help=_("stop if the real images are missing, instead of using the glyph set"),
    )


def source_of(args: argparse.Namespace) -> Source:
    """Where to compute and where the images come from; raises UserError."""
    if args.synthetic and args.require_real:
        raise UserError(_("--synthetic and --require-real exclude each other. Give one of them."))
    return Source(args.device, args.data_dir, args.synthetic)


def refuse_real(checkpoint: Checkpoint, recipe: Recipe) -> None:
    """Raise UserError where a run that has only seen glyphs is to go on with real images."""
    from engine.data import IMAGE_SETS

    if checkpoint.synthetic and recipe.dataset in IMAGE_SETS:
        text = _("{run} trained on the built-in glyph set, and can only go on with that.")
        raise UserError(text.format(run=checkpoint.run))


def real_or_glyphs(load: Callable[[Source], T], source: Source, *, require_real: bool) -> T:
    """What `load` gives for the source; on the glyph set where the real images are missing.

    Says so on stderr, and which GPUs the device `auto` leaves out.

    Raises DataMissing where they are required, or missing in a folder that was named, and UserError
    where the device is missing.
    """
    from engine.data.search import DataMissing, fetch_command
    from engine.devices import choose, passed_over

    if source.device.strip().lower() == "auto" and (told := passed_over()):
        Outlet(sys.stderr).line(told)
    try:
        return load(source)
    except DataMissing as missing:
        # A folder that was named is meant.
        if require_real or source.data_dir is not None:
            raise
        choose(source.device)  # nothing is trained at all where it is missing
        text = _(
            "{problem} Training on the built-in glyph set instead, drawn by the program. For the"
            " real images, run `{command}`; with --require-real, the training stops here."
        )
        command = fetch_command(missing.name, None)
        Outlet(sys.stderr).line(text.format(problem=missing.problem, command=command))
    return load(replace(source, allow_synthetic=True))
