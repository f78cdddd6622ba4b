"""Where the test suite spends its time: the heaviest tests and files, and the seconds in all.

    python -m pytest -n 2 --junit-xml=suite.xml
    python -m tests.benchmarks.suite suite.xml

The seconds of a test are those of the clock; on a machine with nothing else to do, and with no
more workers than cores, they come close to its CPU seconds. `--run PATH …` runs pytest on some
paths in one process and gives the CPU seconds of that process and its children as well.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

SHOWN = 25


def seconds_of_tests(report: Path) -> dict[str, float]:
    """Seconds by test, "folder/file.py::name".

    Raises OSError where there is no report and ElementTree.ParseError where it is not XML.
    """
    found: defaultdict[str, float] = defaultdict(float)
    for case in ElementTree.parse(report).iter("testcase"):
        place = case.get("classname", "").replace(".", "/") + ".py"
        found[f"{place}::{case.get('name', '')}"] += float(case.get("time", 0))
    return dict(found)


def seconds_of_files(tests: dict[str, float]) -> dict[str, float]:
    """Seconds by file."""
    found: defaultdict[str, float] = defaultdict(float)
    for name, seconds in tests.items():
        found[name.partition("::")[0]] += seconds
    return dict(found)


def heaviest(seconds: dict[str, float], count: int = SHOWN) -> list[str]:
    """Lines of the `count` largest, each with its share of all."""
    everything = sum(seconds.values()) or 1.0
    largest = sorted(seconds.items(), key=lambda each: (-each[1], each[0]))[:count]
    return [f"{taken:9.2f} s {taken / everything:6.1%}  {name}" for name, taken in largest]


def run(paths: Sequence[str], report: Path) -> float:
    """The CPU seconds of pytest on `paths` and of all that it starts; `report` is written."""
    before = os.times()
    command = [sys.executable, "-m", "pytest", "-q", f"--junit-xml={report}", *paths]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    after = os.times()
    return (
        after.children_user - before.children_user + after.children_system - before.children_system
    )


def main() -> None:
    """Print the heaviest files and tests."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("report", nargs="?", type=Path, help="what --junit-xml has written")
    parser.add_argument("--run", nargs="+", metavar="PATH", help="run these tests first")
    parser.add_argument("--count", type=int, default=SHOWN, help="lines of each list")
    given = parser.parse_args()
    if (given.report is None) == (given.run is None):
        parser.error("give either a report or --run")
    with tempfile.TemporaryDirectory() as folder:
        report = given.report or Path(folder) / "suite.xml"
        cpu = run(given.run, report) if given.run else None
        tests = seconds_of_tests(report)
    for title, seconds in (("files", seconds_of_files(tests)), ("tests", tests)):
        print(f"The heaviest {title}:", *heaviest(seconds, given.count), "", sep="\n")
    print(f"{len(tests)} tests, {sum(tests.values()):.1f} s of tests")
    if cpu is not None:
        print(f"{cpu:.1f} CPU s, with the start of pytest and the collection")


if __name__ == "__main__":
    main()
