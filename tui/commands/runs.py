"""`dltutor runs`: the kept runs, without the screens. Each action has a module of its own."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from engine.language import _
from engine.recipes.catalog import recipes
from engine.training.export import export_folder
from tui.commands import Command
from tui.commands.crew import add_nproc
from tui.commands.runs_about import find
from tui.commands.runs_export import FORMATS, export_run
from tui.commands.runs_list import list_runs
from tui.commands.runs_replay import replay
from tui.commands.runs_resume import resume
from tui.commands.runs_show import show
from tui.commands.shared_options import add_data_dir, add_device, add_run
from tui.commands.train_log import add_log_options

COMMAND = Command(
    "runs",
    _("list, show, resume, repeat, export or remove kept runs"),
    place=65,
    description=_("""\
Kept runs: every training has a record and a checkpoint of its own, called like softmax-12.

  dltutor runs list
  dltutor runs show softmax-12
  dltutor runs resume softmax-12 --epochs 20

Of each recipe, the latest 20 runs are kept, with checkpoints of at most 1 GB together.
`dltutor runs ACTION --help` says more about each action.
"""),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    json_help = _("print JSON")
    names = ", ".join(recipe.name for recipe in recipes())
    listing = actions.add_parser(
        "list",
        help=_("list all runs, the latest first"),
        description=_(
            "List all runs, or those of one recipe, the latest first; no parameters are read."
        ),
    )
    listing.add_argument(
        "recipe",
        nargs="?",
        metavar="RECIPE",
        help=_("only its runs: one of {names} (default: all)").format(names=names),
    )
    showing = actions.add_parser(
        "show",
        help=_("show one run"),
        description=_(
            "Show the settings of a run, the changes while it trained, each epoch, and what of its"
            " files is damaged."
        ),
    )
    resuming = actions.add_parser(
        "resume",
        help=_("continue a run where it was"),
        description=_("""\
Continue a run exactly where it was, with its own settings. Only --epochs, --lr and --threads may be
changed."""),
    )
    repeating = actions.add_parser(
        "replay",
        help=_("train a run again and compare"),
        description=_("""\
Train a run again from its first update, with the same changes at the same steps, and compare the
parameters bit for bit. The exit status is 1 if they differ."""),
    )
    exporting = actions.add_parser(
        "export",
        help=_("write the measurements of a run to files"),
        description=_("Write the measurements, the parameters or the model of a run to files."),
    )
    for one in (showing, resuming, repeating, exporting):
        add_run(one)
    exporting.add_argument(
        "folder",
        type=Path,
        metavar="DIR",
        nargs="?",
        help=_("make a new folder in this one (default: {folder})").format(folder=export_folder()),
    )
    exporting.add_argument(
        "--format",
        choices=FORMATS,
        default=FORMATS[0],
        help=_(
            "csv: measurements (CSV) and settings (JSON); tensorboard: an event file for"
            " `tensorboard --logdir DIR`; safetensors: the parameters; onnx: the model, where the"
            " packages onnx and onnxscript are installed (default: csv)"
        ),
    )
    removing = actions.add_parser(
        "rm",
        help=_("remove runs for good"),
        description=_("Remove runs for good: their records and their checkpoints."),
    )
    removing.add_argument(
        "runs", nargs="+", metavar="RUN", help=_("runs to remove, such as softmax-12")
    )
    resuming.add_argument(
        "--epochs", metavar="N", help=_("train until N epochs are done (default: those of the run)")
    )
    resuming.add_argument(
        "--lr",
        metavar="X",
        help=_("use this learning rate from here on (default: that of the run)"),
    )
    resuming.add_argument(
        "--threads", metavar="N", help=_("compute on N CPU threads (default: those of the run)")
    )
    add_nproc(resuming)
    for one in (resuming, repeating):
        add_device(one)
        add_data_dir(one)
        add_log_options(one)
    for one in (listing, showing, resuming, repeating, exporting, removing):
        one.add_argument("--json", action="store_true", help=json_help)
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Do it; the exit status."""
    match args.action:
        case "list":
            return list_runs(args)
        case "show":
            return show(args)
        case "resume":
            return resume(args)
        case "replay":
            return replay(args)
        case "export":
            return export_run(args)
        case "rm":
            return _remove(args)
        case _:
            args.parser.print_help()
            return 0


def _remove(args: argparse.Namespace) -> int:
    from engine.training import archive
    from engine.training.unreadable import remove_files

    def found(name: str) -> archive.Entry | str:
        try:
            return find(name)
        except archive.UnreadableRunError:
            return name

    for one in [found(name) for name in dict.fromkeys(args.runs)]:
        if isinstance(one, str):
            remove_files(one)
        else:
            archive.remove(one)
        name = one if isinstance(one, str) else one.name
        if args.json:
            print(json.dumps({"run": name, "removed": True}))
        else:
            print(_("Removed {run}").format(run=name))
    return 0
