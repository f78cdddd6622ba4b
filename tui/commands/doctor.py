"""Say what this machine and terminal can do, and what to mend.

With --json: one object {versions, devices, datasets, terminal, folders, problems}; problems is a
list of sentences, empty where nothing stands in the way.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
import textwrap
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from engine import folders
from engine.data import IMAGE_SETS, DataDamaged, DataMissing, search, verify
from engine.devices import DeviceInfo, available_devices
from tui.commands import Command
from tui.terminal import Terminal, inspect_terminal

COMMAND = Command("doctor", "say what this machine and terminal can do", place=100)

PACKAGES = (
    "dltutor",
    "torch",
    "torchvision",
    "textual",
    "rich",
    "numpy",
    "plotext",
    "textual-plotext",
)
_REINSTALL = "Install both again from PyPI with `pip install --force-reinstall torch torchvision`."


@dataclass(frozen=True, slots=True)
class DataSetReport:
    """Where a data set lies, and whether it is the published one."""

    name: str
    found: bool
    path: str | None
    verified: bool | None
    """None where the set is not found."""


@dataclass(slots=True)
class Report:
    """Everything that doctor says."""

    terminal: Terminal
    versions: dict[str, str | None] = field(default_factory=dict)
    devices: list[DeviceInfo] = field(default_factory=list)
    datasets: list[DataSetReport] = field(default_factory=list)
    folders: dict[str, dict[str, str | bool]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Print the report; problems do not make it fail."""
    report = examine()
    if args.json:
        keys = ("versions", "devices", "datasets", "terminal", "folders", "problems")
        fields = asdict(report)
        print(json.dumps({key: fields[key] for key in keys}, ensure_ascii=False, indent=1))
    else:
        _print(report)
    return 0


def examine() -> Report:
    """Look at packages, devices, data sets, terminal and folders; nothing is changed."""
    report = Report(inspect_terminal())
    _examine_packages(report)
    _examine_datasets(report)
    report.problems += report.terminal.problems()
    _examine_folders(report)
    return report


def _examine_packages(report: Report) -> None:
    report.versions["python"] = platform.python_version()
    for package in PACKAGES:
        report.versions[package] = _version(package)
        if report.versions[package] is None and package != "dltutor":
            report.problems.append(
                f"The package {package} is not installed. Install dltutor again; pip brings it."
            )
    mismatch = _mismatch()
    if mismatch:
        report.problems.append(mismatch)
    for package in ("torch", "torchvision"):
        if report.versions[package] is None:
            continue
        reason = _failure(partial(import_module, package))
        if reason:
            report.problems.append(f"{package} cannot be imported ({reason}). {_REINSTALL}")
            if package == "torch":
                return
    reason = _failure(lambda: report.devices.extend(available_devices()))
    if reason and report.versions["torch"] is not None:
        report.problems.append(
            f"PyTorch cannot say which devices there are ({reason}). Choose the device cpu."
        )


def _failure(action: Callable[[], object]) -> str | None:
    """Do it; why it failed, in one line, or None.

    A torch that does not fit its companions or its driver raises nearly anything.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            action()
    except Exception as error:
        lines = str(error).strip().splitlines()
        return lines[0].rstrip(".") if lines else type(error).__name__
    return None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _mismatch() -> str | None:
    """A sentence where torchvision was built for another torch than the one installed."""
    torch, torchvision = _version("torch"), _version("torchvision")
    if torch is None or torchvision is None:
        return None
    for requirement in requires("torchvision") or ():
        match = re.match(r"torch\s*\(?(==|>=)\s*([0-9.]+)", requirement)
        if match is None:
            continue
        wanted, installed = _release(match[2]), _release(torch)
        if installed < wanted or (match[1] == "==" and installed != wanted):
            least = "at least " if match[1] == ">=" else ""
            return (
                f"torchvision {torchvision} needs torch {least}{match[2]}, but {torch} is"
                f" installed. {_REINSTALL}"
            )
    return None


def _release(text: str) -> tuple[int, ...]:
    """The numbers of a version, what follows them (`+cpu`, `rc1`) left out."""
    match = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(map(int, match[0].split("."))) if match else ()


def _examine_datasets(report: Report) -> None:
    for name in IMAGE_SETS:
        result = search(name)
        found = result.found
        if found is None:
            report.datasets.append(DataSetReport(name, False, None, None))
            report.problems.append(str(DataMissing(result, named=False)))
            continue
        wrong = [check for check in verify(found) if not check.ok]
        report.datasets.append(DataSetReport(name, True, str(found.folder), not wrong))
        if wrong:
            path = wrong[0].path or found.folder
            report.problems.append(str(DataDamaged(found, path, wrong[0].message)))


def _examine_folders(report: Report) -> None:
    for name, folder in (
        ("data", folders.data_folder()),
        ("cache", folders.cache_folder()),
        ("config", folders.config_folder()),
    ):
        writable = _can_write(folder)
        report.folders[name] = {"path": str(folder), "writable": writable}
        if not writable:
            report.problems.append(
                f"The {name} folder {folder} cannot be written. Make it writable, or name another"
                f" place in XDG_{name.upper()}_HOME."
            )


def _can_write(folder: Path) -> bool:
    """Whether files can be made in `folder`, or the folder itself where it is not yet there."""
    try:
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        return False


def _print(report: Report) -> None:
    terminal = report.terminal
    size = f"{terminal.columns}×{terminal.rows}" if terminal.columns else "not a terminal"
    through = [terminal.multiplexer or "", "ssh" if terminal.ssh else ""]
    sections = {
        "Versions": {name: found or "not installed" for name, found in report.versions.items()},
        "Devices": {
            device.name: device.title
            + (f", {device.memory_bytes / 2**30:.1f} GiB" if device.memory_bytes else "")
            for device in report.devices
        },
        "Data sets": {each.name: _describe(each) for each in report.datasets},
        "Terminal": {
            "TERM": terminal.term or "not set",
            "COLORTERM": terminal.colorterm or "not set",
            "size": size,
            "colours": terminal.colors,
            "encoding": terminal.encoding,
            "locale": terminal.locale or "not set",
            "through": ", ".join(filter(None, through)) or "nothing",
        },
        "Folders": {
            name: f"{about['path']} ({'' if about['writable'] else 'not '}writable)"
            for name, about in report.folders.items()
        },
    }
    width = max(len(name) for lines in sections.values() for name in lines)
    for title, lines in sections.items():
        print(title)
        for name, text in lines.items():
            print(f"  {name:<{width}}  {text}")
        print()
    print("Problems" if report.problems else "No problems were found.")
    for problem in report.problems:
        print(_bullet(problem, terminal.columns))


def _bullet(sentence: str, columns: int | None) -> str:
    """The sentence as an item of a list, in lines that fit the terminal; one line in a pipe."""
    if columns is None or not sys.stdout.isatty():
        return f"  - {sentence}"
    return textwrap.fill(
        sentence,
        max(columns, 40),
        initial_indent="  - ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _describe(report: DataSetReport) -> str:
    if not report.found:
        return "not found"
    return f"{'as published' if report.verified else 'not as published'}, in {report.path}"
