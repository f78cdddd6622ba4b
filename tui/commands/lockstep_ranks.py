"""`dltutor lockstep RECIPE --nproc 2,4`: one process beside several that share every batch."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _
from engine.naming import count_of
from engine.ranks.place import MOST, Place, refuse_crowd
from engine.training.lockstep import Lockstep, common_orders
from engine.training.order import load_task
from engine.training.recipe import Recipe
from engine.training.snapshot import Setting
from tui.commands.crew import Crew, RankCrew
from tui.commands.glyphs import real_or_glyphs, source_of

if TYPE_CHECKING:
    from engine.training.task import Source, Task


def ranks(
    args: argparse.Namespace,
    compared: Sequence[Recipe],
    given: Mapping[str, Setting],
    place: Place | None,
    compare: Callable[[Lockstep, argparse.Namespace], int],
) -> int:
    """Compare in several processes, of which the first reports; the exit status.

    Raises UserError and SettingError.
    """
    counts = _counts(args.nproc, place)
    if len(compared) != 1:
        raise UserError(_("Several processes compare one recipe with itself. Name one."))
    (recipe,) = compared
    # The orders are checked here, before any process starts.
    (order,) = common_orders(compared, given, source_of(args))
    refuse_crowd(max(counts), int(order.settings["batch_size"]))
    from tui.commands import train_ranks

    if place is None:
        return train_ranks.launch_all(max(counts), args.command_words)

    def work(crew: Crew, args: argparse.Namespace) -> int:
        assert isinstance(crew, RankCrew)
        source = source_of(args)
        lockstep = real_or_glyphs(
            lambda source: _load(crew, recipe, given, source, counts, args),
            source,
            require_real=args.require_real,
        )
        return compare(lockstep, args)

    return train_ranks.as_rank(place, args, recipe, work)


def _counts(text: str | None, place: Place | None) -> list[int]:
    """The numbers of processes to compare with one; raises UserError."""
    if text is None:
        assert place is not None
        return [place.size]
    counts = sorted({count_of(part) for part in text.split(",")})
    if not 2 <= counts[0] <= counts[-1] <= MOST:
        told = _("--nproc takes whole numbers from 2 to {most}, such as 2,4, not {text!r}.")
        raise UserError(told.format(most=MOST, text=text))
    if place is not None and place.size != counts[-1]:
        told = _("There are {size} processes already, and --nproc asks for {count}. Leave it out.")
        raise UserError(told.format(size=place.size, count=counts[-1]))
    return counts


def _load(
    crew: RankCrew,
    recipe: Recipe,
    given: Mapping[str, Setting],
    source: Source,
    counts: Sequence[int],
    args: argparse.Namespace,
) -> Lockstep:
    """One task for each number of processes that this process is one of."""
    from engine.ranks.task import LockstepTask

    (order,) = common_orders([recipe], given, source)
    tasks: dict[str, Task] = {recipe.name: load_task(order)}
    for count in counts:
        group = crew.group if count == crew.place.size else crew.group.first(count)
        if group is not None:
            name = _("{recipe} in {count} processes").format(recipe=recipe.name, count=count)
            tasks[name] = LockstepTask(load_task(order), group)
    lockstep = Lockstep(
        tasks, int(order.settings["batch_size"]), float(order.settings["lr"]), args.precision
    )
    lockstep.usual_rate = order.usual_rate
    return lockstep
