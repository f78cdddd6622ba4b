"""A progress file that is locked, cannot be written, is cut short or has no room: work goes on."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from lessons.learner.progress import Progress
from tests.faults.terminal import environment
from tests.unit import warm

LESSON, KEYS = "linear/model", ("one", "two", "three")
LOCK = """
import sqlite3, sys, time
base = sqlite3.connect(sys.argv[1], isolation_level=None)
base.execute(f"BEGIN {sys.argv[2]}")
print("locked", flush=True)
sys.stdin.readline()
base.execute("COMMIT")
"""


def use(progress: Progress, times: int = 1) -> None:
    """Answer and go on."""
    for number in range(times):
        progress.answer(LESSON, "house_price", str(number), "wrong")
        progress.visit(LESSON, number % 3, KEYS)


@contextmanager
def locked(path: Path, how: str = "IMMEDIATE") -> Iterator[subprocess.Popen[str]]:
    """Another process holds the file until a line is written to it."""
    words = [sys.executable, "-c", LOCK, str(path), how]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_lock_that_is_released_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    with closing(Progress(path)) as progress:
        use(progress)
        with locked(path, "EXCLUSIVE") as process:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
            use(progress)
        assert not progress.notice
    with closing(Progress(path)) as again:
        assert len(again.answers()) == 2


def test_a_lock_that_stays_is_told_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(
        "lessons.learner.progress_store.sqlite3.connect",
        lambda where, timeout, isolation_level: connect(
            where, timeout=min(timeout, 0.05), isolation_level=None
        ),
    )
    path, told = tmp_path / "p.sqlite", list[str]()
    with closing(Progress(path)) as progress:
        progress.warn = told.append
        use(progress)
        with locked(path):
            use(progress, 3)
            assert len(progress.answers()) == 4, "in memory"
        with locked(path, "EXCLUSIVE"):
            assert "locked" in Progress(path).notice
        assert [("cannot be saved" in each, "locked" in each) for each in told] == [(True, True)]
    with closing(Progress(path)) as again:
        assert len(again.answers()) == 4, "the file was free at the end"
        assert not again.notice


def test_when_a_lock_is_gone_all_answers_are_there_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lessons.learner.progress_store.PATIENCE", 0.05)
    path, told = tmp_path / "p.sqlite", list[str]()
    with closing(Progress(path)) as progress, closing(Progress(path)) as other:
        use(progress, 2)
        progress.warn = told.append
        progress._base.execute("PRAGMA busy_timeout = 50")
        with locked(path, "EXCLUSIVE"):
            use(progress)
            # What is in the file cannot be read as long as another program holds it.
            assert [answer.text for answer in progress.answers()] == ["0"]
            assert not progress.is_kept
        other.answer(LESSON, "of_another", "1", "right")
        assert [answer.text for answer in progress.answers()] == ["0", "1", "1", "0"]
        assert progress.is_kept
        assert not progress.notice
        assert ["again" in each for each in told] == [False, True]
        use(progress)
    with closing(Progress(path)) as again:
        assert len(again.answers()) == 5
        assert again.last() == LESSON


def test_cut_short_at_every_512_bytes(tmp_path: Path) -> None:
    path = tmp_path / "whole.sqlite"
    with closing(Progress(path)) as progress:
        use(progress, 3)
    whole = path.read_bytes()
    for length in range(0, len(whole), 512):
        cut = tmp_path / str(length) / "p.sqlite"
        cut.parent.mkdir()
        cut.write_bytes(whole[:length])
        with closing(Progress(cut)) as progress:
            use(progress)
            assert "damaged" in progress.notice or length == 0
        with closing(Progress(cut)) as again:
            assert not again.notice, length
            assert again.last() == LESSON, "what is done from now on is saved"


ANSWER = """
import sys
from lessons.learner.progress import Progress
from tests.faults.test_store_faults import use
progress = Progress()
use(progress, 40)
print(progress.notice, end="")
"""


def two_at_once(words: list[str], home: Path) -> list[str]:
    """What two programs print that run at the same time, in one home."""
    with ExitStack() as both:
        started = [
            both.enter_context(warm.started(words, env=environment(home), loaded=True))
            for _ in range(2)
        ]
        return [stdout.read() for _, stdout in started]


def test_two_programs_answer_at_once(tmp_path: Path) -> None:
    assert two_at_once(["-c", ANSWER], tmp_path) == ["", ""]
    with closing(Progress(tmp_path / ".local/share/dltutor/progress.sqlite")) as progress:
        assert len(progress.answers()) == 80


def test_two_programs_train_one_recipe_at_once(tmp_path: Path) -> None:
    words = ["-m", "tui.cli", "train", "linear", "--epochs", "20", "--json"]
    ends = [json.loads(told.splitlines()[-1]) for told in two_at_once(words, tmp_path)]
    assert [end["status"] for end in ends] == ["finished"] * 2
    assert len({end["parameters_sha256"] for end in ends}) == 1
    folder = tmp_path / ".local/share/dltutor/checkpoints"
    assert sorted(p.stem for p in folder.glob("linear/*")) == ["linear-1", "linear-2"]
    assert not [*folder.glob("*.underway"), *folder.rglob("*.tmp")]


REFUSED = """
import asyncio, ctypes, os, sys
from pathlib import Path
if os.geteuid() == 0:
    # Root may write everything, unless it gives that up: CAP_DAC_OVERRIDE, which is bit 1.
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None)
    libc.capget(header, sets)
    sets[0] &= ~2
    assert libc.capset(header, sets) == 0
from tests.faults.test_store_faults import seen_on_the_screen
print(asyncio.run(seen_on_the_screen(Path(sys.argv[1]))))
"""


async def seen_on_the_screen(path: Path) -> str:
    """Open a lesson, go on and answer with this file; all that is notified."""
    from tui.app import TutorApp

    told: list[str] = []

    def hear(message: str, **more: object) -> None:
        told.append(message)  # on the screen it is gone after some seconds

    app = TutorApp(lesson=LESSON, progress=Progress(path), preload=None)
    app.notify = hear  # type: ignore[method-assign]
    async with app.run_test() as pilot:
        await pilot.press("right", "t")
        await pilot.pause()
    return " ".join(told)


@pytest.mark.skipif(sys.platform != "linux", reason="root gives up its rights as Linux does")
@pytest.mark.parametrize("case", ["file", "folder", "home"])
def test_what_cannot_be_written_is_told_on_the_screen(case: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    path = home / "p.sqlite" if case != "home" else home / "new" / "p.sqlite"
    if case != "home":
        with closing(Progress(path)) as progress:
            use(progress)
        path.chmod(0o444 if case == "file" else 0o644)
    before = path.read_bytes() if path.exists() else b""
    if case != "file":
        home.chmod(0o555)  # no journal can be made beside the file, or no file at all
    seen = warm.run(["-c", REFUSED, str(path)], env=environment(tmp_path), loaded=True)
    home.chmod(0o755)
    assert seen.returncode == 0, seen.stderr[-2000:]
    assert "cannot be saved" in seen.stdout, seen.stdout
    assert (path.read_bytes() if path.exists() else b"") == before


FULL = """
import resource, sys
from pathlib import Path
from lessons.learner.progress import Progress
from tests.faults.test_store_faults import use
path, told = Path(sys.argv[1]), []
progress = Progress(path)
progress.warn = told.append
use(progress)
size = path.stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))  # like a disk without a free block
for number in range(400):
    use(progress)
assert len(progress.answers()) == 401, "all is there until the end"
print(len(told), told[0])
"""


def test_a_full_disk(tmp_path: Path) -> None:
    pytest.importorskip("resource")
    path = tmp_path / "p.sqlite"
    seen = warm.run(["-c", FULL, str(path)], loaded=True)
    assert seen.returncode == 0, seen.stderr[-2000:]
    assert seen.stdout.startswith("1 "), seen.stdout
    assert "cannot be saved" in seen.stdout
    with closing(Progress(path)) as again:
        assert not again.notice, "it is whole"
        assert again.answers()
