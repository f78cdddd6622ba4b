"""Answers typed into a question of the real screens, in real pseudo-terminals; SIGKILL in between.

`python -m tests.faults.long answering --kills 100` kills often; the suite a few times.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import tempfile
import time
from contextlib import closing
from pathlib import Path

from lessons.format.document import Predict
from lessons.learner.progress import Progress
from tests.faults.opening import step_with
from tests.faults.terminal import TIMEOUT, Terminal, environment, terminal

LESSON = "linear/model"
PROGRAM = "from tests.faults.answering import run; sys.exit(run(sys.argv[1]))"
MOST = 3
"""Answers that are judged before one is cut off, at most."""
SOON = 0.2
"""Seconds after the enter key in which the program is killed."""
TROUBLES = ("Traceback", "damaged", "cannot be saved")


def run(marker: str) -> int:
    """Run the application at a question for a number, and write to `marker` when it is there."""
    from tui.app import TutorApp
    from tui.cli import _leave

    def begin() -> None:
        app.call_from_thread(app.open_lesson, LESSON, step_with(LESSON, Predict))
        Path(marker).write_text("now", "utf-8")

    app = TutorApp(lesson=LESSON, preload=begin)
    app.run()
    return _leave(app.return_code or 0)


def begin(line: Terminal, home: Path, name: str = "marker") -> None:
    """Start the program in `line`, and wait until the question takes keys."""
    marker = home / name
    marker.unlink(missing_ok=True)
    process = line.start(PROGRAM, str(marker), env=environment(home))
    line.wait_until(lambda: marker.exists() or process.poll() is not None, "the question")
    assert process.poll() is None, line.text[-2000:]
    line.wait_for("predicted for a house")
    line.quiet()
    line.type("\t")
    line.wait_for("Leave field")


def submit(line: Terminal, text: str) -> None:
    """Type an answer and the enter key, in one piece."""
    line.type(f"{text}\r")


def answer(line: Terminal, text: str) -> None:
    """Submit an answer that is wrong, and wait until the screen says so."""
    mark = line.mark
    submit(line, text)
    line.wait_for(f"yours {text}", mark)


def kept(home: Path) -> tuple[list[str], list[str]]:
    """The answers in the file as a killed program has left it, and what is wrong with it.

    A copy is read: the next start of the screens has to cope with the file itself.
    """
    with tempfile.TemporaryDirectory() as folder:
        for path in (home / ".local/share/dltutor").glob("progress*"):
            shutil.copy(path, folder)
        with closing(Progress(Path(folder) / "progress.sqlite")) as progress:
            troubles = [progress.notice] if progress.notice else []
            if progress.last() != LESSON:
                troubles.append(f"the place is lost: {progress.last()}")
            return [each.text for each in progress.answers()], troubles


def kill_often(home: Path, seed: int, kills: int) -> list[str]:
    """Start, answer and kill so many times in one home, then start and quit; what was lost."""
    draw = random.Random(seed)
    troubles: list[str] = []
    known: list[str] = []
    for number in range(kills):
        with terminal() as line:
            begin(line, home)
            given = [f"{1000 * (number + 1) + place}.25" for place in range(draw.randint(1, MOST))]
            *judged, last = given
            for text in judged:
                answer(line, text)
            submit(line, last)
            # The moment is what is tested, so here the clock is meant.
            time.sleep(draw.uniform(0, SOON))
            assert line.process is not None
            line.process.kill()
            assert line.process.wait(TIMEOUT) == -signal.SIGKILL
            troubles += [f"{number}: told {each}" for each in TROUBLES if each in line.text]
        found, wrong = kept(home)
        troubles += [f"{number}: {each}" for each in wrong]
        if found not in (known + judged, known + given):
            troubles.append(f"{number}: of {known[-2:]} and {given} there is {found[-5:]}")
        known = found
    return troubles + _last_start(home, known)


def _last_start(home: Path, known: list[str]) -> list[str]:
    with terminal() as line:
        begin(line, home)
        assert line.process is not None
        process = line.process
        line.type("\x11")
        line.wait_until(lambda: process.poll() is not None, "the end")
        troubles = [f"in the end: told {each}" for each in TROUBLES if each in line.text]
        troubles += line.left_on()
        if process.returncode:
            troubles.append(f"exit status {process.returncode}")
    if kept(home)[0] != known:
        troubles.append("the last start lost answers")
    files = (home / ".local/share/dltutor").rglob("*")
    leftovers = (".tmp", ".part", "-journal")
    return troubles + [f"left over: {path.name}" for path in files if path.name.endswith(leftovers)]


def main(words: list[str]) -> int:
    """Kill often, ten times in each home, and print what was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.long answering")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(words)
    done = lost = number = 0
    while done < args.kills:
        count = min(10, args.kills - done)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
            try:
                troubles = kill_often(Path(home), args.seed + number, count)
            except AssertionError as error:
                troubles = [f"AssertionError: {str(error)[:900]}"]
        done += count
        number += 1
        lost += len(troubles)
        print(f"{done} kills, {lost} troubles {'; '.join(troubles)}", flush=True)
    return int(lost > 0)
