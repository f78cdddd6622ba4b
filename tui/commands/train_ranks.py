"""A training by several processes: starting them, and being one of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from engine.errors import UserError
from engine.language import _, plural
from engine.ranks.group import Group, RankLost
from engine.ranks.launch import end_with_launcher, launch, this_program
from engine.ranks.place import Place, cores
from engine.training.recipe import Recipe
from tui.commands.crew import Crew, RankCrew
from tui.commands.train_output import Outlet

FAILED, REFUSED = 1, 2


def launch_all(count: int, words: Sequence[str]) -> int:
    """Run this program with `words` in `count` processes; the exit status."""
    warn_of_cores(count)
    outcome = launch(count, this_program(words))
    if outcome.text:
        Outlet(sys.stderr).line(f"dltutor: {outcome.text}")
    return outcome.status


def warn_of_cores(count: int) -> None:
    """Say on stderr that there are more processes than cores, if so."""
    if count > cores():
        text = _("{count} processes share {cores}: they take turns, so this is no faster than one.")
        told = plural("{count} CPU core", "{count} CPU cores", cores())
        Outlet(sys.stderr).line(text.format(count=count, cores=told))


def as_rank(
    place: Place,
    args: argparse.Namespace,
    recipe: Recipe,
    work: Callable[[Crew, argparse.Namespace], int],
) -> int:
    """Do `work` as one of several processes; only process 0 speaks. The exit status."""
    if place.store:
        end_with_launcher()
    elif place.rank == 0:
        warn_of_cores(place.local_size)
    try:
        device = device_of(place, args.device, recipe)
    except UserError:
        if place.rank == 0:
            raise
        return REFUSED
    group = Group.join(place, gpu=device.startswith("cuda"))
    crew = RankCrew(place, group)
    try:
        status = work(crew, argparse.Namespace(**{**vars(args), "device": device}))
    except RankLost as error:
        Outlet(sys.stderr).line(f"dltutor: {error}")
        status = FAILED
    except UserError:
        if place.rank == 0:
            raise
        status = REFUSED
    finally:
        crew.speak()
    group.leave()
    return status


def device_of(place: Place, name: str, recipe: Recipe) -> str:
    """The device of one process: a GPU of its own, or the CPU; raises UserError.

    `auto` takes GPUs where there is one for each process of this machine.
    """
    from engine.devices import choose, cuda_faults

    wanted = name.strip().lower()
    by_torch = any(setting.name == "threads" for setting in recipe.hyperparameters)
    if wanted == "cpu" or (wanted == "auto" and not by_torch):
        return "cpu"
    if wanted not in ("auto", "cuda"):
        choose(wanted)  # says what is wrong with the name
        text = _(
            "Several processes cannot share {device}: each needs one of its own. Choose the device"
            " cuda for a GPU each, or cpu."
        )
        raise UserError(text.format(device=wanted))
    usable = [number for number, fault in enumerate(cuda_faults()) if not fault]
    if len(usable) >= place.local_size:
        import torch

        own = usable[place.local_rank]
        torch.cuda.set_device(own)
        return f"cuda:{own}"
    if wanted == "cuda":
        choose("cuda")
    if usable:
        text = _("{count} processes need {count} GPUs, one each, and {there} can be used here.")
        told = text.format(count=place.local_size, there=len(usable))
        if wanted == "cuda":
            raise UserError(told + " " + _("Choose fewer processes, or the device cpu."))
        if place.rank == 0:
            Outlet(sys.stderr).line(told + " " + _("The device is {device}.").format(device="cpu"))
    return "cpu"
