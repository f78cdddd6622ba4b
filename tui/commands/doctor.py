"""`dltutor doctor`: what this machine and terminal can do, and what to fix."""

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
from engine.devices import DeviceInfo, available_devices, cuda_faults
from engine.language import _
from tui.columns import left, widest
from tui.commands import Command
from tui.ending import note_path
from tui.sign_width import drawn_cells
from tui.sign_width import problem as wide_signs
from tui.streams import shown
from tui.terminal import Terminal, answers_queries, inspect_terminal

COMMAND = Command(
    "doctor",
    _("check this machine and this terminal"),
    place=100,
    description=_("""\
Report what this machine and this terminal can do, and what to fix.

With --json: one object {versions, devices, datasets, terminal, folders, problems}. problems is a
list of sentences; it is empty if nothing is wrong.
"""),
)

PACKAGES = (
    "dltutor",
    "torch",
    "torchvision",
    "textual",
    "rich",
    "numpy",
    "plotext",
)
_REINSTALL = _("Reinstall both from PyPI: `pip install --force-reinstall torch torchvision`.")


@dataclass(frozen=True, slots=True)
class DataSetReport:
    """Where a data set is, and whether it is the published one."""

    name: str
    found: bool
    path: str | None
    verified: bool | None
    """None if the set was not found."""


@dataclass(slots=True)
class Report:
    """Everything that `doctor` reports."""

    terminal: Terminal
    versions: dict[str, str | None] = field(default_factory=dict)
    devices: list[DeviceInfo] = field(default_factory=list)
    datasets: list[DataSetReport] = field(default_factory=list)
    folders: dict[str, dict[str, str | bool]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run(args: argparse.Namespace) -> int:
    """Print the report. The exit status is 0 even if there are problems."""
    report = examine()
    if args.json:
        keys = ("versions", "devices", "datasets", "terminal", "folders", "problems")
        fields = {**asdict(report), "terminal": report.terminal._asdict()}
        print(json.dumps({key: fields[key] for key in keys}, ensure_ascii=False, indent=1))
    else:
        _print(report)
    return 0


def examine() -> Report:
    """Look at packages, devices, data sets, terminal and folders; change nothing."""
    report = Report(inspect_terminal())
    _examine_packages(report)
    _examine_datasets(report)
    report.problems += report.terminal.problems()
    if answers_queries(os.environ) and report.terminal.term not in ("", "dumb"):
        report.problems += filter(None, [wide_signs(drawn_cells())])
    _examine_folders(report)
    _examine_faults(report)
    return report


def _examine_packages(report: Report) -> None:
    report.versions["python"] = platform.python_version()
    for package in PACKAGES:
        report.versions[package] = _version(package)
        if report.versions[package] is None and package != "dltutor":
            report.problems.append(
                _(
                    "The package {package} is not installed. Reinstall dltutor with pip, which"
                    " installs this package too."
                ).format(package=package)
            )
    mismatch = _mismatch()
    if mismatch:
        report.problems.append(mismatch)
    for package in ("torch", "torchvision"):
        if report.versions[package] is None:
            continue
        reason = _failure(partial(import_module, package))
        if reason:
            problem = _("{package} cannot be imported ({reason}).")
            report.problems.append(f"{problem.format(package=package, reason=reason)} {_REINSTALL}")
            if package == "torch":
                return
    reason = _failure(lambda: _examine_devices(report))
    if reason and report.versions["torch"] is not None:
        report.problems.append(
            _("PyTorch cannot list the devices ({reason}). Choose the device cpu.").format(
                reason=reason
            )
        )


def _examine_devices(report: Report) -> None:
    report.devices.extend(available_devices())
    report.problems.extend(fault for fault in cuda_faults() if fault)


def _failure(action: Callable[[], object]) -> str | None:
    """Call `action`; why it failed, in one line, or None.

    A PyTorch that does not match its companions or its driver may raise almost anything.
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
    """A sentence if torchvision was built for another version of torch than the one installed."""
    torch, torchvision = _version("torch"), _version("torchvision")
    if torch is None or torchvision is None:
        return None
    for requirement in requires("torchvision") or ():
        match = re.match(r"torch\s*\(?(==|>=)\s*([0-9.]+)", requirement)
        if match is None:
            continue
        wanted, installed = _release(match[2]), _release(torch)
        if installed < wanted or (match[1] == "==" and installed != wanted):
            if match[1] == ">=":
                text = _(
                    "torchvision {vision} needs torch {wanted} or newer, but {torch} is installed."
                )
            else:
                text = _("torchvision {vision} needs torch {wanted}, but {torch} is installed.")
            text = text.format(vision=torchvision, wanted=match[2], torch=torch)
            return f"{text} {_REINSTALL}"
    return None


def _release(text: str) -> tuple[int, ...]:
    """The numbers of a version, without what follows them (`+cpu`, `rc1`)."""
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
                _(
                    "The folder {folder} is not writable. Make it writable, or set the variable"
                    " {variable} to another folder."
                ).format(folder=folder, variable=f"XDG_{name.upper()}_HOME")
            )


def _examine_faults(report: Report) -> None:
    path = note_path()
    if path.exists():
        report.problems.append(
            _(
                "Something went wrong while an earlier session ended; {path} says what. Send this"
                " file along when you report it, then delete it."
            ).format(path=path)
        )


def _can_write(folder: Path) -> bool:
    """Whether files can be created in `folder`, or `folder` itself if it does not exist yet."""
    try:
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        return False


def _print(report: Report) -> None:
    terminal = report.terminal
    size = f"{terminal.columns}×{terminal.rows}" if terminal.columns else _("not a terminal")
    through = [terminal.multiplexer or "", "ssh" if terminal.ssh else ""]
    unset = _("not set")
    names = {"data": _("data"), "cache": _("cache"), "config": _("config")}
    sections = {
        _("Versions"): {
            name: found or _("not installed") for name, found in report.versions.items()
        },
        _("Devices"): {
            device.name: device.title
            + (f", {device.memory_bytes / 2**30:.1f} GiB" if device.memory_bytes else "")
            for device in report.devices
        },
        _("Data sets"): {each.name: _describe(each) for each in report.datasets},
        _("Terminal"): {
            "TERM": terminal.term or unset,
            "COLORTERM": terminal.colorterm or unset,
            _("size"): size,
            _("colours"): _("none") if terminal.colors == "none" else terminal.colors,
            _("encoding"): terminal.encoding,
            _("locale"): terminal.locale or unset,
            _("via"): ", ".join(filter(None, through)) or "–",
        },
        _("Folders"): {
            names[name]: (
                _("{path} (writable)") if about["writable"] else _("{path} (not writable)")
            ).format(path=about["path"])
            for name, about in report.folders.items()
        },
    }
    width = widest(name for lines in sections.values() for name in lines)
    for title, lines in sections.items():
        print(title)
        for name, text in lines.items():
            print(f"  {left(name, width)}  {shown(text)}")
        print()
    print(_("Problems") if report.problems else _("No problems found."))
    for problem in report.problems:
        print(_bullet(shown(problem), terminal.columns))


def _bullet(sentence: str, columns: int | None) -> str:
    """The sentence as a list item, wrapped to the width of a terminal; a single line in a pipe."""
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
        return _("not found")
    if report.verified:
        return _("complete, in {folder}").format(folder=report.path)
    return _("differs from the published one, in {folder}").format(folder=report.path)
