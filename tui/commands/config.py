"""`dltutor config`: where the preferences are, what they can say, and whether they are right."""

from __future__ import annotations

import argparse
import json

from engine.language import _
from tui.commands import Command
from tui.commands.shared_options import show_help
from tui.streams import shown, though_unread

COMMAND = Command(
    "config",
    _("change keys and screens by a file"),
    place=75,
    description=_("""\
Change keys and screens by a file of preferences in TOML.

  path    where it is looked for
  show    every binding with its id and keys, and the settings in force, as TOML that can be copied
  check   whether the file has errors; exit status 1 if something in it cannot be used."""),
)
_ACTIONS = ("path", "show", "check")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=_ACTIONS,
        metavar="ACTION",
        help=_("what to do: one of {names}").format(names=", ".join(_ACTIONS)),
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Print the file's path or the preferences, or check them; the exit status."""
    from tui.config import config_path

    if args.action is None:
        return show_help(args)
    if args.action == "path":
        print(json.dumps({"path": str(config_path())}) if args.json else config_path())
        return 0
    if args.action == "show":
        return _show(args.json)
    with though_unread():
        return _check(args.json)


def _show(as_json: bool) -> int:
    from tui.bindings import all_bindings
    from tui.config import read_config
    from tui.key_names import keyed
    from tui.themes import THEMES

    bindings = all_bindings()
    config = read_config(known=bindings)
    keys = {name: config.keys.get(name, binding.key) for name, binding in bindings.items()}
    screen = {
        "theme": config.theme,
        "reduced_motion": config.reduced_motion,
        "low_bandwidth": config.low_bandwidth,
    }
    if as_json:
        print(json.dumps({"keys": keys, "screen": screen}, ensure_ascii=False, indent=1))
        return 0
    print("[screen]")
    themes = ", ".join(theme.name for theme in THEMES)
    print(f'theme = "{shown(config.theme)}"  # {themes}')
    print(f"reduced_motion = {str(config.reduced_motion).lower()}")
    print(f'low_bandwidth = "{config.low_bandwidth}"  # auto, on, off')
    print("\n[keys]")
    for name, binding in bindings.items():
        about = keyed(binding.tooltip or binding.description).split("\n")[0]
        print(f'"{name}" = "{shown(keys[name])}"  # {about}')
    return 0


def _check(as_json: bool) -> int:
    from tui.app import TutorApp
    from tui.config import config_path, problems_of, read_config

    problems = problems_of(read_config(themes=TutorApp().available_themes))
    path = config_path()
    if as_json:
        print(json.dumps({"path": str(path), "problems": problems}, ensure_ascii=False))
    elif problems:
        print(f"{shown(str(path))}:")
        for problem in problems:
            print(f"  {shown(problem)}")
    elif path.exists():
        print(_("{path} has no errors.").format(path=shown(str(path))))
    else:
        told = _("There is no {path}; the defaults apply.")
        print(told.format(path=shown(str(path))))
    return 1 if problems else 0
