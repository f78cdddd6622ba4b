"""List, fetch or verify the image sets.

`list` says where each set lies, `fetch` downloads what is missing, `verify` reads every file and
compares it with the published one. Without NAME they mean all sets. With --json: a list with one
object for each set.
"""

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
from tui.commands import Command

if TYPE_CHECKING:
    from rich.progress import TaskID

COMMAND = Command("data", "list, fetch or verify the data sets", place=90)


@dataclass(frozen=True, slots=True)
class _Listed:
    name: str
    title: str
    found: bool
    path: str | None
    missing_files: list[str]
    searched: list[str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("action", choices=("list", "fetch", "verify"))
    parser.add_argument("name", nargs="?", metavar="NAME", help=f"one of {', '.join(IMAGE_SETS)}")
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="look in this folder only, and fetch into it",
    )
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def run(args: argparse.Namespace) -> int:
    """Do what is asked; 1 where a set could not be fetched or is not as published."""
    wanted = [image_set(args.name)] if args.name else list(IMAGE_SETS.values())
    actions = {"list": _list, "fetch": _fetch, "verify": _verify}
    return actions[args.action](wanted, args)


def _list(wanted: list[ImageSet], args: argparse.Namespace) -> int:
    rows = []
    for one in wanted:
        result = search(one.name, args.data_dir)
        rows.append(
            _Listed(
                name=one.name,
                title=one.title,
                found=result.found is not None,
                path=str(result.found.folder) if result.found else None,
                missing_files=list(result.incomplete.missing) if result.incomplete else [],
                searched=[str(folder) for folder in result.searched],
            )
        )
    if args.json:
        _print_json([asdict(row) for row in rows])
        return 0
    name_width = max(len(one.name) for one in wanted)
    title_width = max(len(one.title) for one in wanted)
    for row in rows:
        state = f"found in {row.path}" if row.found else "not found"
        if row.missing_files:
            state = f"not complete: {', '.join(row.missing_files)} is missing"
        print(f"{row.name:<{name_width}}  {row.title:<{title_width}}  {state}")
    if not all(row.found for row in rows):
        folders = dict.fromkeys(folder for row in rows for folder in row.searched)
        print("\nLooked in:", *folders, sep="\n  ")
        print("Fetch what is missing with `dltutor data fetch`.")
    return 0


def _verify(wanted: list[ImageSet], args: argparse.Namespace) -> int:
    rows, wrong, any_found = [], False, False
    for one in wanted:
        result = search(one.name, args.data_dir)
        there = result.found or result.incomplete
        with _bar(f"Reading {one.title}") as progress:
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
        if args.json:
            continue
        if there is None:
            print(f"{one.title} is not found.")
            continue
        print(f"{one.title} in {there.folder}")
        _print_checks(checks)
        if verified:
            print("  Every file is as published.")
        else:
            command = fetch_command(one.name, there.root)
            print(f"  Fetch what is wrong again with `{command}`.")
    if args.json:
        _print_json(rows)
    if not any_found:
        # One sentence about the first is enough: the choices are the same for all.
        missing = DataMissing(search(wanted[0].name, args.data_dir), named=bool(args.data_dir))
        print(f"dltutor: {missing}", file=sys.stderr)
    return 1 if wrong or not any_found else 0


def _print_checks(checks: list[FileCheck]) -> None:
    state_width = max(len(check.state) for check in checks)
    for check in checks:
        shown = check.path.name if check.path else check.name
        print(f"  {check.state:<{state_width}}  {shown}")
        if not check.ok:
            print(f"  {'':<{state_width}}  {check.message}")


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
                with _bar(f"Fetching {one.title}") as progress:
                    folder = download(one.name, args.data_dir or default_root(), progress)
            except DownloadFailed as failure:
                print(f"dltutor: {failure}", file=sys.stderr)
                error, status, fetched = str(failure), 1, False
        path = None if error else str(folder)
        rows.append({"name": one.name, "fetched": fetched, "path": path, "error": error})
        if not args.json and not error:
            if fetched:
                print(f"{one.title} is now in {path}, and every file is as published.")
            else:
                print(f"{one.title} is already in {path}, and every file is as published.")
    if args.json:
        _print_json(rows)
    return status


@contextmanager
def _bar(title: str) -> Iterator[ProgressHandler]:
    """A progress bar on stderr where that is a terminal; else nothing is shown."""
    if not sys.stderr.isatty():
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
                described = f"{title}, file {progress.part} of {progress.parts}"
                tasks[progress.part] = bars.add_task(described)
            bars.update(tasks[progress.part], completed=progress.done, total=progress.total)

        yield show


def _print_json(rows: object) -> None:
    print(json.dumps(rows, ensure_ascii=False, indent=1))
