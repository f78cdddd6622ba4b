"""`dltutor data`: the image sets on this machine."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.data import (
    IMAGE_SETS,
    DataMissing,
    DownloadFailed,
    FileCheck,
    ImageSet,
    Progress,
    ProgressHandler,
    default_root,
    download,
    fetch_command,
    image_set,
    search,
    verify,
)
from engine.data.content import FileState
from engine.language import _
from tui.columns import left, widest
from tui.commands import Command
from tui.commands.shared_options import show_help
from tui.streams import shown, though_unread

if TYPE_CHECKING:
    from rich.progress import TaskID

COMMAND = Command(
    "data",
    _("list, fetch or verify the data sets"),
    place=90,
    description=_("""\
List, fetch or verify the image sets.

list     where each set is, and whether something is wrong with it
fetch    downloads what is missing or wrong; what has arrived when it is interrupted is kept, and
         the next fetch continues there
verify   reads every file and compares it with the published one

Without NAME, they act on all sets. With --json, they print a list with one object per set.

Exit status: 0 all is well, 1 a set could not be fetched or is not the published one, 2 bad usage,
130 interrupted.
"""),
)

_STATES = {
    FileState.OK: _("ok"),
    FileState.MISSING: _("missing"),
    FileState.UNREADABLE: _("unreadable"),
    FileState.DAMAGED: _("damaged"),
    FileState.WRONG_SIZE: _("wrong size"),
    FileState.WRONG_CONTENT: _("wrong content"),
    FileState.OTHER_FILE: _("another file"),
}


@dataclass(frozen=True, slots=True)
class _Listed:
    name: str
    title: str
    found: bool
    path: str | None
    missing_files: list[str]
    searched: list[str]
    problems: list[str]
    """A sentence for each file that is not the published one, or for files of another set."""


_ACTIONS = ("list", "fetch", "verify")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=_ACTIONS,
        metavar="ACTION",
        help=_("what to do: one of {names}").format(names=", ".join(_ACTIONS)),
    )
    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help=_("one of {names} (default: all)").format(names=", ".join(IMAGE_SETS)),
    )
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help=_("look only in this folder, and fetch into it"),
    )
    parser.add_argument(
        "--mirror",
        action="append",
        default=[],
        metavar="URL",
        help=_(
            "fetch from this address first, before the known mirrors: a folder with the four files,"
            " gzipped; can be given several times"
        ),
    )
    parser.add_argument("--json", action="store_true", help=_("print a JSON list"))
    parser.add_argument(
        "-q", "--quiet", action="store_true", help=_("print only what is wrong, and no bar")
    )
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Do what is asked; 1 if a set could not be fetched or differs from the published one."""
    if args.action is None:
        return show_help(args)
    wanted = [image_set(args.name)] if args.name else list(IMAGE_SETS.values())
    actions = {"list": _list, "fetch": _fetch, "verify": _verify}
    with though_unread():
        return actions[args.action](wanted, args)


def _list(wanted: list[ImageSet], args: argparse.Namespace) -> int:
    rows = []
    for one in wanted:
        result = search(one.name, args.data_dir)
        wrong = (
            [check.message for check in verify(result.found) if not check.ok]
            if result.found
            else []
        )
        if result.others is not None:
            wrong.append(DataMissing(result, named=False).problem)
        rows.append(
            _Listed(
                name=one.name,
                title=one.title,
                found=result.found is not None,
                path=str(result.found.folder) if result.found else None,
                missing_files=list(result.incomplete.missing) if result.incomplete else [],
                searched=[str(folder) for folder in result.searched],
                problems=wrong,
            )
        )
    if args.json:
        _print_json([asdict(row) for row in rows])
        return 0
    name_width = max(len(one.name) for one in wanted)
    title_width = widest(one.title for one in wanted)
    for row in rows:
        if not args.quiet or row.problems or not row.found:
            print(f"{row.name:<{name_width}}  {left(row.title, title_width)}  {_found(row)}")
        for problem in row.problems:
            print(f"  {shown(problem)}")
        if row.found and row.problems:
            again = _("To download the faulty files again, run `{command}`.")
            print("  " + again.format(command=shown(fetch_command(row.name, args.data_dir))))
    if args.quiet:
        return 0
    if not all(row.found for row in rows):
        folders = dict.fromkeys(folder for row in rows for folder in row.searched)
        print()
        print(_("Looked in:"), *(shown(str(folder)) for folder in folders), sep="\n  ")
        print(_("To download what is missing, run `dltutor data fetch`."))
    return 0


def _found(row: _Listed) -> str:
    if row.missing_files:
        return _("incomplete, missing: {files}").format(files=", ".join(row.missing_files))
    if row.found and row.problems:
        return _("in {folder}, but not the published one:").format(folder=shown(str(row.path)))
    if not row.found:
        return _("not found")
    return _("found in {folder}").format(folder=shown(str(row.path)))


def _verify(wanted: list[ImageSet], args: argparse.Namespace) -> int:
    rows, wrong, any_found = [], False, False
    for one in wanted:
        result = search(one.name, args.data_dir)
        there = result.found or result.incomplete
        with _bar(_("Reading {title}").format(title=one.title), quiet=args.quiet) as progress:
            checks = verify(there, progress) if there else []
        verified = all(check.ok for check in checks) if there else None
        any_found |= there is not None
        wrong |= verified is False
        rows.append(
            {
                "name": one.name,
                "found": result.found is not None,
                "path": str(there.folder) if there else None,
                "verified": verified,
                "files": [
                    {"name": check.name, "state": check.state.value, "message": check.message}
                    for check in checks
                ],
            }
        )
        if args.json or (args.quiet and verified):
            continue
        if there is None:
            print(_("{title} was not found.").format(title=one.title))
            continue
        folder = shown(str(there.folder))
        print(_("{title} in {folder}").format(title=one.title, folder=folder))
        _print_checks(checks)
        if verified:
            print("  " + _("All files match the published ones."))
        else:
            command = shown(fetch_command(one.name, there.root))
            again = _("To download the faulty files again, run `{command}`.")
            print("  " + again.format(command=command))
    if args.json:
        _print_json(rows)
    if not any_found:
        # The first set is enough: what to do is the same for all.
        missing = DataMissing(search(wanted[0].name, args.data_dir), named=bool(args.data_dir))
        print(f"dltutor: {shown(str(missing))}", file=sys.stderr)
    return 1 if wrong or not any_found else 0


def _print_checks(checks: list[FileCheck]) -> None:
    width = widest(_STATES[check.state] for check in checks)
    for check in checks:
        name = check.path.name if check.path else check.name
        print(f"  {left(_STATES[check.state], width)}  {shown(name)}")
        if not check.ok:
            print(f"  {'':<{width}}  {shown(check.message)}")


def _fetch(wanted: list[ImageSet], args: argparse.Namespace) -> int:
    rows, status = [], 0
    for one in wanted:
        found = search(one.name, args.data_dir).found
        error = None
        fetched = not (found and all(check.ok for check in verify(found)))
        if found and not fetched:
            folder = found.folder
        else:
            try:
                title = _("Fetching {title}").format(title=one.title)
                root = args.data_dir or default_root()
                with _bar(title, quiet=args.quiet) as progress:
                    folder = download(one.name, root, progress, mirrors=args.mirror)
            except KeyboardInterrupt:
                text = _("Interrupted. What has arrived is kept; `{command}` continues there.")
                command = fetch_command(one.name, args.data_dir)
                print(f"dltutor: {text.format(command=command)}", file=sys.stderr)
                raise
            except DownloadFailed as failure:
                print(f"dltutor: {failure}", file=sys.stderr)
                error, status, fetched = str(failure), 1, False
        path = None if error else str(folder)
        rows.append({"name": one.name, "fetched": fetched, "path": path, "error": error})
        if not (args.json or args.quiet or error):
            if fetched:
                text = _("{title} is now in {folder}. All files match the published ones.")
            else:
                text = _("{title} is already in {folder}. All files match the published ones.")
            print(text.format(title=one.title, folder=path))
    if args.json:
        _print_json(rows)
    return status


@contextmanager
def _bar(title: str, *, quiet: bool) -> Iterator[ProgressHandler]:
    """A progress bar on stderr if that is a terminal; otherwise nothing is shown."""
    if quiet or not sys.stderr.isatty():
        yield lambda progress: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[int, TaskID] = {}

        def show(progress: Progress) -> None:
            if progress.part not in tasks:
                described = _("{title}, file {part} of {parts}").format(
                    title=title, part=progress.part, parts=progress.parts
                )
                tasks[progress.part] = bars.add_task(described)
            bars.update(tasks[progress.part], completed=progress.done, total=progress.total)

        yield show


def _print_json(rows: object) -> None:
    print(json.dumps(rows, ensure_ascii=False, indent=1))
