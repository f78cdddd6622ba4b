"""Starting several processes: how they end, together, and that none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from engine.ranks.group import _runs
from engine.ranks.launch import Outcome, launch

ROOT = Path(__file__).parents[3]


def python(code: str) -> list[str]:
    """A process that imports next to nothing."""
    return [sys.executable, "-S", "-c", f"import os, signal, sys, time\n{code}"]


def wait_for(path: Path) -> str:
    for _look in range(1000):
        if path.exists() and (text := path.read_text(encoding="utf-8")):
            return text
        time.sleep(0.01)
    raise AssertionError(f"{path} was not written")


def noting(folder: Path) -> str:
    """Code that writes the number of the process to `pid-RANK`."""
    return f"open({str(folder)!r} + '/pid-' + os.environ['RANK'], 'w').write(str(os.getpid()))\n"


def test_each_process_is_told_its_place(tmp_path: Path) -> None:
    names = "RANK LOCAL_RANK WORLD_SIZE LOCAL_WORLD_SIZE OMP_NUM_THREADS DLTUTOR_STORE"
    code = f"""
told = [os.environ[name] for name in {names.split()!r}]
open({str(tmp_path)!r} + '/told-' + told[0], 'w').write(' '.join(told))
"""
    assert launch(3, python(code)) == Outcome(0)
    told = [(tmp_path / f"told-{rank}").read_text().split() for rank in range(3)]
    assert [each[:5] for each in told] == [[str(r), str(r), "3", "3", "1"] for r in range(3)]
    (store,) = {each[5] for each in told}
    assert not Path(store).parent.exists()


def test_two_launches_do_not_meet(tmp_path: Path) -> None:
    code = (
        f"open({str(tmp_path)!r} + '/' + str(os.getpid()), 'w').write(os.environ['DLTUTOR_STORE'])"
    )
    assert [launch(1, [*python(code), f"{tmp_path}/"]) for _ in range(2)] == [Outcome(0)] * 2
    assert len({path.read_text() for path in tmp_path.iterdir()}) == 2


def test_a_killed_process_is_named_and_the_others_are_not_left(tmp_path: Path) -> None:
    code = (
        noting(tmp_path)
        + """
if os.environ['RANK'] == '1':
    os.kill(os.getpid(), signal.SIGKILL)
time.sleep(60)
"""
    )
    outcome = launch(3, python(code), grace=0.2)
    assert outcome.status == 1
    assert outcome.text.startswith("Process 2 of 3 was killed (SIGKILL), so the training stopped.")
    for rank in (0, 2):
        path = tmp_path / f"pid-{rank}"
        assert not path.exists() or not _runs(int(path.read_text()))


@pytest.mark.parametrize(
    ("code", "status", "text"),
    [
        ("sys.exit(2)", 2, ""),
        ("sys.exit(1)", 1, ""),
        ("sys.exit(1 if os.environ['RANK'] == '0' else 2)", 1, ""),
        ("sys.exit(0 if os.environ['RANK'] == '0' else 1)", 1, ""),
        ("sys.exit(0 if os.environ['RANK'] == '0' else 7)", 1,
         "Process 2 of 2 ended unexpectedly, with status 7."),
        ("os.abort() if os.environ['RANK'] == '0' else 0", 1,
         "Process 1 of 2 was killed (SIGABRT), so the training stopped."),
    ],
)  # fmt: skip
def test_the_status_of_all(code: str, status: int, text: str) -> None:
    assert launch(2, python(code)) == Outcome(status, text)


def test_signals_are_passed_on(tmp_path: Path) -> None:
    code = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))\n" + noting(tmp_path)

    def stop() -> None:
        for rank in range(2):
            wait_for(tmp_path / f"pid-{rank}")
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=stop)
    thread.start()
    before = signal.getsignal(signal.SIGINT)
    assert launch(2, python(code + "time.sleep(60)")) == Outcome(130)
    thread.join()
    assert signal.getsignal(signal.SIGINT) is before


def test_processes_end_with_a_launcher_that_is_killed(tmp_path: Path) -> None:
    child = noting(tmp_path) + (
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from engine.ranks.launch import end_with_launcher\n"
        "end_with_launcher()\ntime.sleep(60)"
    )
    parent = f"from engine.ranks.launch import launch\nlaunch(2, {python(child)!r})"
    launcher = subprocess.Popen([sys.executable, "-c", parent], cwd=ROOT)
    pids = [int(wait_for(tmp_path / f"pid-{rank}")) for rank in range(2)]
    launcher.kill()
    launcher.wait()
    for _look in range(500):
        if not any(map(_runs, pids)):
            return
        time.sleep(0.01)
    raise AssertionError("a process was left behind")
