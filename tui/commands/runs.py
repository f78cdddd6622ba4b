"""`dltutor runs`: the kept runs, without the screens."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _, plural
from engine.recipes.catalog import find_recipe, recipes
from engine.training.export import export_folder
from engine.training.guess import as_json as guess_json
from engine.training.hyperparameters import SettingError
from engine.training.run_files import MOST_BYTES, MOST_KEPT
from engine.training.runs import KeptRun, run_label
from engine.training.snapshot import Processes, SessionState, Setting, Snapshot
from tui.columns import left, widest
from tui.commands import Command
from tui.commands.crew import Crew, add_nproc, in_crew
from tui.commands.train_log import add_log_options, read_log
from tui.commands.train_loop import FAILED, carry_out
from tui.commands.train_output import Outlet, warn_of_threads
from tui.guess import verdict

if TYPE_CHECKING:
    from engine.training.archive import Entry
    from engine.training.loop import TrainingRun

COMMAND = Command(
    "runs",
    _("list, show, resume, repeat, export or remove kept runs"),
    place=65,
    description=_("""\
Kept runs: every training has a record and a checkpoint of its own, called like softmax-12.

list [RECIPE]   all runs, the latest first
show RUN        its settings, changes, measurements
resume RUN      continues it where it was; --epochs, --lr and --threads may be changed
replay RUN      trains it again from its first update, with the same changes at the same steps, and
                compares the parameters bit for bit; exits with 1 if they differ
export RUN DIR  writes its measurements (CSV) and settings (JSON) to a new folder in DIR; with
                --format as tensorboard (event file), safetensors (parameters) or onnx (model)
rm RUN…         removes runs for good

The latest 20 runs of each recipe are kept, with checkpoints of at most 1 GB together.
"""),
)


FORMATS = ("csv", "tensorboard", "safetensors", "onnx")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    json_help = _("print JSON")
    names = ", ".join(recipe.name for recipe in recipes())
    listing = actions.add_parser("list", help=_("list all runs, the latest first"))
    listing.add_argument("recipe", nargs="?", metavar="RECIPE", help=names)
    showing = actions.add_parser("show", help=_("show one run"))
    resuming = actions.add_parser("resume", help=_("continue a run where it was"))
    repeating = actions.add_parser("replay", help=_("train a run again and compare"))
    exporting = actions.add_parser("export", help=_("write the measurements of a run to files"))
    for one in (showing, resuming, repeating, exporting):
        one.add_argument("run", metavar="RUN", help=_("such as softmax-12"))
    exporting.add_argument(
        "folder",
        type=Path,
        metavar="DIR",
        nargs="?",
        help=_("a new folder is made in it (default {folder})").format(folder=export_folder()),
    )
    exporting.add_argument(
        "--format",
        choices=FORMATS,
        default=FORMATS[0],
        help=_(
            "csv: measurements as tables (the default); tensorboard: an event file for"
            " `tensorboard --logdir DIR`; safetensors: the parameters; onnx: the model, where the"
            " packages onnx and onnxscript are installed"
        ),
    )
    removing = actions.add_parser("rm", help=_("remove runs for good"))
    removing.add_argument("runs", nargs="+", metavar="RUN")
    resuming.add_argument("--epochs", metavar="N", help=_("train to this epoch"))
    resuming.add_argument("--lr", metavar="X", help=_("another learning rate from here on"))
    resuming.add_argument("--threads", metavar="N", help=_("another number of CPU threads"))
    add_nproc(resuming)
    for one in (resuming, repeating):
        one.add_argument("--device", metavar="NAME", default="auto", help=_("auto, cpu, cuda, mps"))
        one.add_argument("--data-dir", type=Path, metavar="DIR")
        add_log_options(one)
    for one in (listing, showing, resuming, repeating, exporting):
        one.add_argument("--json", action="store_true", help=json_help)
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Do it; the exit status."""
    match args.action:
        case "list":
            return _list(args)
        case "show":
            return _show(args)
        case "resume":
            return _resume(args)
        case "replay":
            return _replay(args)
        case "export":
            return _export(args)
        case "rm":
            return _remove(args)
        case _:
            args.parser.print_help()
            return 0


def _names() -> list[str]:
    return [recipe.name for recipe in recipes()]


def find(name: str) -> Entry:
    """The kept run called `name`; raises UserError."""
    from engine.training import archive

    return archive.find(name, _names())


def as_json(run: KeptRun) -> dict[str, object]:
    """A run for scripts; `settings` are those at its first update."""
    return {
        "run": run.run,
        "recipe": run.recipe,
        "settings": dict(run.started_with or run.settings),
        "changes": [asdict(change) for change in run.changes],
        **(
            {"processes": [{"step": step, "count": count} for step, count in run.processes]}
            if any(count > 1 for _step, count in run.processes)
            else {}
        ),
        "status": run.state,
        "epoch": run.epoch,
        "step": run.step,
        "parameters_sha256": run.parameters_sha256 or None,
    }


def _list(args: argparse.Namespace) -> int:
    from engine.training.archive import entries

    wanted = _names()
    if args.recipe is not None:
        try:
            wanted = [find_recipe(args.recipe).name]
        except SettingError as error:
            raise UserError(str(error)) from None
    found = entries(wanted)
    if args.json:
        print(json.dumps([as_json(entry.run) for entry in found], indent=1))
        return 0
    rows = [_row(entry) for entry in found]
    widths = [widest(column) for column in zip(*rows, strict=True)]
    for row in rows:
        print(
            "  ".join(left(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
    if not rows:
        print(_("No run is kept yet. `dltutor train RECIPE` makes one."))
    else:
        text = _(
            "* resumable. The latest {count} runs of each recipe are kept, with checkpoints of at"
            " most {size} GB."
        )
        print(text.format(count=MOST_KEPT, size=f"{MOST_BYTES / 1e9:g}"))
    return 0


def _row(entry: Entry) -> tuple[str, ...]:
    run = entry.run
    mark = "*" if entry.checkpoint is not None and not run.is_whole else " "
    ended = datetime.fromisoformat(run.ended).astimezone()
    return (
        f"{mark} {run.run}",
        _STATES.get(run.state, run.state),
        _("epoch {epoch} of {epochs}").format(epoch=run.epoch, epochs=run.epochs),
        _result(run),
        f"{ended:%Y-%m-%d %H:%M}",
        label_of(run),
    )


_STATES = {
    "finished": _("finished"),
    "stopped": _("stopped"),
    "failed": _("failed"),
    "interrupted": _("interrupted"),
}


def label_of(run: KeptRun) -> str:
    """The settings that make a run what it is: `lr 0.5→0.05 @940`."""
    settings = run.started_with or run.settings
    return run_label(find_recipe(run.recipe), settings, changes=run.changes)


def _result(run: KeptRun) -> str:
    if not run.measured:
        return ""
    last = run.measured[-1]
    if last.test_accuracy is None:
        return _("test loss {value}").format(value=f"{last.test_loss:.4g}")
    return _("test accuracy {value}").format(value=f"{last.test_accuracy:.4f}")


def _show(args: argparse.Namespace) -> int:
    entry = find(args.run)
    run = entry.run
    if args.json:
        more = {
            "device": run.device or None,
            "dataset": run.dataset,
            "synthetic": run.synthetic,
            "epochs": run.epochs,
            "seconds": run.seconds,
            "ended": run.ended,
            "checkpoint": str(entry.checkpoint) if entry.checkpoint else None,
            "measured": [asdict(row) for row in run.measured],
            "guess": guess_json(run.guess, run.measured),
            "diagnoses": [one.as_json() for one in run.diagnoses],
        }
        print(json.dumps(as_json(run) | more, indent=1))
        return 0
    settings = ", ".join(f"{k} {v}" for k, v in (run.started_with or run.settings).items())
    lines = [
        (_("run"), f"{run.run}: {label_of(run)}"),
        (_("settings"), settings),
        *((_("changed"), _change_text(c.setting, c.value, c.step)) for c in run.changes),
        *_processes_rows(run.processes),
        (_("data"), run.dataset),
        (_("status"), _STATES.get(run.state, run.state)),
        (_("progress"), _("epoch {epoch} of {epochs}").format(epoch=run.epoch, epochs=run.epochs)
         + ", " + plural("{count} update", "{count} updates", run.step)),
        (_("result"), _result(run)),
        *((_("guess"), text) for text in verdict(run.guess, run.measured, run.epochs)),
        *((_("diagnosis"), f"{one.text} {one.advice}") for one in run.diagnoses),
        ("SHA-256", run.parameters_sha256),
        (_("checkpoint"), str(entry.checkpoint or _("no longer kept"))),
    ]  # fmt: skip
    width = widest(name for name, _text in lines)
    for name, text in lines:
        if text:
            print(f"{left(name, width)}  {text}")
    return 0


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


def _resume(args: argparse.Namespace) -> int:
    from engine.training.archive import parameters_of

    entry = find(args.run)
    recipe, log = find_recipe(entry.run.recipe), read_log(args)
    checkpoint = parameters_of(entry)
    given: dict[str, Setting] = dict(checkpoint.settings)
    try:
        for name in ("epochs", "lr", "threads"):
            if getattr(args, name) is not None:
                given[name] = recipe.hyperparameter(name).parse(getattr(args, name))
    except SettingError as error:
        raise UserError(str(error)) from None

    warn_of_threads(checkpoint.settings, given)

    def prepare(crew: Crew, args: argparse.Namespace) -> TrainingRun:
        from engine.training.order import TrainingOrder
        from engine.training.task import Source

        same = crew.first_does(lambda: checkpoint)  # of process 0, which writes it
        try:
            source = Source(args.device, args.data_dir)
            order = TrainingOrder(recipe, given, source, resume=True, run=entry.name)
        except SettingError as error:
            raise UserError(str(error)) from None
        return crew.begin(order, same)

    def work(crew: Crew, args: argparse.Namespace) -> int:
        status, _snapshot = carry_out(
            lambda: prepare(crew, args), recipe.name, as_json=args.json, log=log, crew=crew
        )
        return status

    return in_crew(args, recipe, int(given["batch_size"]), work)


def _replay(args: argparse.Namespace) -> int:
    entry = find(args.run)
    kept = entry.run
    recipe = find_recipe(kept.recipe)

    def prepare() -> TrainingRun:
        from engine.data.search import its_own_data
        from engine.training.begin import begin
        from engine.training.order import TrainingOrder
        from engine.training.task import Source

        # More epochs that were asked for later change no update.
        settings = {**(kept.started_with or kept.settings), "epochs": kept.epochs}
        source = Source(args.device, args.data_dir, kept.synthetic)
        plan = tuple(change for change in kept.changes if change.setting != "epochs")
        try:
            order = TrainingOrder(recipe, settings, source, plan=plan)
        except SettingError as error:
            raise UserError(str(error)) from None
        with its_own_data():
            return begin(order, time.perf_counter)

    status, again = carry_out(
        prepare, recipe.name, as_json=args.json, until=kept.step, log=read_log(args)
    )
    if status:
        return status
    same = again.parameters_sha256 == kept.parameters_sha256 if kept.parameters_sha256 else None
    if args.json:
        facts = {"event": "replay", "run": again.run, "replays": kept.run, "same": same}
        Outlet(sys.stdout).line(json.dumps(facts))
    errors = Outlet(sys.stderr)
    if not kept.parameters_sha256:
        errors.line(
            _("{run} was kept without its SHA-256: nothing to compare.").format(run=kept.run)
        )
        return 0
    text = (
        _("{again} repeats {run} bit for bit: the same parameters after {updates}.")
        if same
        else _("{again} does not repeat {run}: the parameters differ after {updates}. The device,"
               " the number of threads or processes, or the version of PyTorch is another one.")
    )  # fmt: skip
    updates = plural("{count} update", "{count} updates", again.step)
    errors.line(text.format(again=again.run, run=kept.run, updates=updates))
    return 0 if same else FAILED


def _export(args: argparse.Namespace) -> int:
    path = export_as(args.format, find(args.run), args.folder or export_folder())
    if args.json:
        print(json.dumps({"run": args.run, "folder": str(path)}))
    else:
        print(_("Exported to {path}").format(path=path))
    return 0


def export_as(kind: str, entry: Entry, folder: Path) -> Path:
    """Write a run to a new folder in `folder`, as one of `FORMATS`; its path. Raises UserError."""
    from engine.training.archive import parameters_of
    from engine.training.export import export, export_files

    snapshot = snapshot_of(entry.run)
    if kind == "csv":
        return export(snapshot, folder)
    if kind == "tensorboard":
        from engine.exporting.tensorboard import event_file, file_name

        ended = datetime.fromisoformat(entry.run.ended)
        files = {file_name(ended): event_file(snapshot, ended)}
    elif kind == "safetensors":
        from engine.exporting.parameters import parameters_file

        files = {"model.safetensors": parameters_file(parameters_of(entry))}
    else:
        from engine.exporting.onnx_model import onnx_file

        files = {"model.onnx": onnx_file(parameters_of(entry), find_recipe(entry.run.recipe))}
    return export_files(snapshot, folder, files)


def snapshot_of(run: KeptRun) -> Snapshot:
    """A kept run as it was last seen."""
    ends = {"interrupted": SessionState.STOPPED}
    return Snapshot(
        state=ends.get(run.state) or SessionState(run.state),
        recipe=run.recipe,
        run=run.run,
        started_with=MappingProxyType(dict(run.started_with or run.settings)),
        changes=run.changes,
        processes=run.processes,
        guess=run.guess,
        settings=MappingProxyType(dict(run.settings)),
        device=run.device,
        dataset=run.dataset,
        synthetic=run.synthetic,
        train_samples=run.train_samples,
        test_samples=run.test_samples,
        validation_samples=run.validation_samples,
        probe_samples=run.probe_samples,
        epoch=run.epoch,
        epochs=run.epochs,
        step=run.step,
        total_steps=run.total_steps,
        seconds=run.seconds,
        losses=run.losses,
        measured=run.measured,
        layers=run.layers,
        data_sha256=run.data_sha256,
        parameters_sha256=run.parameters_sha256,
    )


def _remove(args: argparse.Namespace) -> int:
    from engine.training import archive

    for entry in [find(name) for name in args.runs]:
        archive.remove(entry)
        print(_("Removed {run}").format(run=entry.name))
    return 0
