"""SIGKILL at random moments while something is written; what a next start finds.

`python -m tests.faults.long kills --kills 100` tries many; the suite a few.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from lessons.learner.progress import Progress
from tests.faults.terminal import ROOT, TIMEOUT, environment
from tests.unit import warm

WRITERS = ("answers", "exercises", "exports", "checkpoints", "settings")


def write_forever(what: str) -> None:
    """Write again and again, and say after each time how often it was done."""
    write = {
        "answers": _answers, "exercises": _exercises, "exports": _exports,
        "checkpoints": _checkpoints, "settings": _settings,
    }[what]  # fmt: skip
    write()


def _ready() -> None:
    os.write(1, b"ready\n")


def _done(number: int) -> None:
    os.write(1, f"{number}\n".encode())


def _answers() -> None:
    with closing(Progress()) as progress:
        _ready()
        for number in range(10**9):
            progress.answer("linear/model", "house_price", str(number), "wrong")
            progress.visit("linear/model", number % 3, ("one", "two", "three"))
            _done(number)


def _settings() -> None:
    with closing(Progress()) as progress:
        _ready()
        for number in range(10**9):
            progress.remember("theme", f"theme {number}")
            _done(number)


def _exercises() -> None:
    from lessons.exercises import files
    from lessons.exercises.catalog import find_exercise

    exercise = find_exercise("relu")
    _ready()
    for number in range(10**9):
        path, _new = files.start(exercise)
        files.save(path, f"# {number}\n" + "x = 1\n" * 5000)
        files.note_checked(exercise, path.read_bytes(), is_passed=True)
        if number % 20 == 19:
            files.reset(exercise)
        _done(number)


def _exports() -> None:
    from engine.training.export import export, export_folder
    from engine.training.snapshot import Snapshot

    _ready()
    for number in range(10**9):
        export(Snapshot(recipe="linear", step=3), export_folder(), screen="<svg/>" * 5000)
        _done(number)


def _checkpoints() -> None:
    from engine.training import underway
    from engine.training.keeping import keep
    from engine.training.loop import TrainingRun, train
    from tests.unit.engine.training_fakes import FakeClock, TinyTask, tiny_order

    _ready()
    underway.begin("linear")
    run = TrainingRun(TinyTask(), "linear", {**tiny_order().settings, "epochs": 10**4}, FakeClock())
    for number, _epoch in enumerate(train(run)):
        keep(run)
        _done(number)


def kill(what: str, seconds: float, home: Path) -> tuple[int, list[str]]:
    """Kill a writer so long after it was ready: how often it had written, and what is wrong."""
    program = f"from tests.faults.kills import write_forever; write_forever({what!r})"
    with warm.started(["-c", program], env=environment(home), loaded=True) as (process, stdout):
        assert stdout.readline() == "ready\n"
        # The moment is what is tested, so here the clock is meant.
        time.sleep(seconds)
        process.kill()
        told = stdout.read().split("\n")
        assert process.wait(TIMEOUT) == -signal.SIGKILL
    done = int(told[-2]) + 1 if len(told) > 1 else 0
    return done, next_start(what, done, home)


def next_start(what: str, done: int, home: Path) -> list[str]:
    """What a new process finds, after the sweep that every start of the screens makes."""
    program = f"from tests.faults.kills import look; look({what!r}, {done})"
    found = warm.run(["-c", program], env=environment(home), loaded=True)
    troubles: list[str] = json.loads(found.stdout) if found.stdout else [found.stderr[-900:]]
    return troubles


def look(what: str, done: int) -> None:
    """Print the troubles as JSON; in the process of the next start."""
    from engine.folders import data_folder
    from engine.training.run_files import sweep_leftovers

    troubles = []
    sweep_leftovers()
    with closing(Progress()) as progress:
        if progress.notice:
            troubles.append(progress.notice)
        if what == "answers":
            kept = len(progress.answers())
            if not done <= kept <= done + 1:
                troubles.append(f"{done} answers were given, {kept} are kept")
        if what == "settings" and done:
            theme = progress.setting("theme") or ""
            if theme not in (f"theme {done - 1}", f"theme {done}"):
                troubles.append(f"theme {done - 1} was chosen, {theme!r} is kept")
    if what == "exercises":
        from lessons.exercises import files

        for path in files.folder().glob("*.py"):
            text = path.read_text("utf-8")
            if not (text.endswith("x = 1\n" * 5000) or "def relu" in text):
                troubles.append(f"{path.name} is cut short")
        if files._stored() is None:
            troubles.append("the notes are broken")
    if what == "exports":
        for path in (data_folder() / "exports").glob("*/*"):
            if path.stat().st_size == 0 or path.suffix == ".tmp":
                troubles.append(f"{path.name} is empty, or left over")
    if what == "checkpoints" and done:
        from engine.training.keeping import to_resume
        from engine.training.underway import cut_off

        if to_resume("linear").epoch * 1 + to_resume("linear").epoch_step < 1:
            troubles.append("no training to resume")
        if cut_off() != ["linear"]:
            troubles.append("the next start is not told of the training")
    for path in data_folder().rglob("*"):
        if path.name.endswith((".tmp", ".part")):
            troubles.append(f"left over: {path.name}")
        if path.stat().st_mode & 0o077:
            troubles.append(f"not private: {path.name} {path.stat().st_mode & 0o777:o}")
    print(json.dumps(troubles))


def main(words: list[str]) -> int:
    """Kill often, and print what was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.long kills")
    parser.add_argument("what", nargs="*")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(words)
    draw = random.Random(args.seed)
    tries, lost, wrote = Counter[str](), Counter[str](), Counter[str]()
    for number in range(args.kills):
        what = (args.what or WRITERS)[number % len(args.what or WRITERS)]
        with tempfile.TemporaryDirectory() as home:
            done, troubles = kill(what, draw.uniform(0, 0.5), Path(home))
        tries[what] += 1
        wrote[what] += done
        if troubles:
            lost[what] += 1
            print(f"LOST {what}: {'; '.join(troubles)}", flush=True)
    print("| writer | kills | times written | lost |\n|---|---|---|---|")
    for what, count in tries.items():
        print(f"| {what} | {count} | {wrote[what]} | {lost[what]} |")
    return int(lost.total() > 0)


def main_trainings(words: list[str]) -> int:
    """Kill trainings of real recipes, as `test_random_kills` does, many times."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.long trainings")
    parser.add_argument("--kills", type=int, default=20)
    args = parser.parse_args(words)
    test = [sys.executable, "-m", "pytest", "-q", "-s", "tests/faults/test_random_kills.py"]
    given = {**os.environ, "DLTUTOR_KILLS": str(args.kills)}
    return subprocess.run(test, cwd=ROOT, env=given, check=False).returncode
