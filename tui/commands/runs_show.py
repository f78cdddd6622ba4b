"""`dltutor runs show`: the settings, changes and measurements of one run."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from engine.language import _, plural
from engine.recipes.catalog import find_recipe
from engine.training.guess import as_json as guess_json
from engine.training.runs import KeptRun
from engine.training.snapshot import Processes, Setting
from tui.columns import left, widest
from tui.commands.runs_about import STATES, as_json, find, label_of, result, with_damage
from tui.commands.train_diagnoses import with_step
from tui.guess import verdict


def show(args: argparse.Namespace) -> int:
    """Print what is known about a run; the exit status."""
    from engine.training.archive import nothing_saved
    from engine.training.damage import damage

    entry = find(args.run)
    run, damaged = entry.run, damage(entry)
    if args.json:
        more = {
            "device": run.device or None,
            "dataset": run.dataset,
            "synthetic": run.synthetic,
            "data_dir": run.data_dir or None,
            "epochs": run.epochs,
            "seconds": run.seconds,
            "ended": run.ended,
            "checkpoint": str(entry.checkpoint) if entry.checkpoint else None,
            "measured": [asdict(row) for row in run.measured],
            "guess": guess_json(run.guess, run.measured),
            "diagnoses": [one.as_json() for one in run.diagnoses],
        }
        print(json.dumps(with_damage(as_json(run) | more, damaged), indent=1))
        return 0
    never = run.state == "failed" or nothing_saved(run)
    settings = ", ".join(f"{k} {v}" for k, v in (run.started_with or run.settings).items())
    lines = [
        (_("run"), f"{run.run}: {label_of(run)}"),
        (_("settings"), settings),
        *((_("changed"), _change_text(c.setting, c.value, c.step)) for c in run.changes),
        *_processes_rows(run.processes),
        (_("data"), _data_text(run)),
        (_("status"), STATES.get(run.state, run.state)),
        (_("progress"), _("epoch {epoch} of {epochs}").format(epoch=run.epoch, epochs=run.epochs)
         + ", " + plural("{count} update", "{count} updates", run.step)),
        (_("result"), result(run)),
        *((_("guess"), text) for text in verdict(run.guess, run.measured, run.epochs)),
        *((_("diagnosis"), with_step(f"{one.text} {one.advice}", one, run.step))
          for one in run.diagnoses),
        ("SHA-256", run.parameters_sha256),
        (_("checkpoint"), str(entry.checkpoint or (_("none") if never else _("not kept")))),
        *((_("damaged"), sentence) for sentence in damaged.values()),
    ]  # fmt: skip
    width = widest(name for name, _text in lines)
    for name, text in lines:
        if text:
            print(f"{left(name, width)}  {text}")
    return 0


def _data_text(run: KeptRun) -> str:
    """What it was trained on, and where that lay, if a folder was named for it."""
    if not run.data_dir:
        return run.dataset
    from engine.training.own_data import still_holds

    there = still_holds(run.data_dir, find_recipe(run.recipe).dataset)
    text = _("{dataset} in {folder}")
    if not there:
        text = _("{dataset} in {folder}, not there any longer")
    return text.format(dataset=run.dataset, folder=run.data_dir)


def _processes_rows(processes: Processes) -> list[tuple[str, str]]:
    """How many processes trained a run; nothing where it was always one."""
    if all(count == 1 for _step, count in processes):
        return []
    (_first, count), *later = processes
    return [
        (_("processes"), str(count)),
        *((_("changed"), _change_text(_("processes"), count, step)) for step, count in later),
    ]


def _change_text(setting: str, value: Setting, step: int) -> str:
    return _("{setting} to {value} after {updates}").format(
        setting=setting, value=value, updates=plural("{count} update", "{count} updates", step)
    )
