"""The line to the screens drops: a training goes on, and its result waits for the next start."""

from __future__ import annotations

import os
import select
import signal
import threading
from pathlib import Path

import pytest

from engine.training.checkpoint_file import load
from engine.training.offer import look
from engine.training.underway import cut_off
from lessons.learner.progress import Progress
from tests.checkpoints import latest_checkpoint
from tests.unit import warm
from tui.hangup import LEFT_BEHIND

TIMEOUT = 60
EPOCHS = 20
TOO_MANY = 10_000
"""Epochs that no test waits for."""

pytestmark = pytest.mark.skipif(
    not hasattr(os, "login_tty"), reason="there are no pseudo-terminals here"
)

TEAR = b"!"
"""A key with which the next read of the terminal fails."""

PROGRAM = f"""
import errno, os, sys, time
TEAR = {TEAR!r}
os.login_tty(int(sys.argv[1]))
from pathlib import Path
from engine.recipes.catalog import find_recipe
from engine.training.order import TrainingOrder
from tests.faults.opening import rest_between_updates
from tui.app import TutorApp

def wait_for(condition):
    while not condition():
        time.sleep(0.005)

def begin():
    # On a thread of its own, once the first frame is there.
    rest_between_updates()
    if sys.argv[3] != "idle":
        settings = {{"epochs": int(sys.argv[4]), "lr": 0.03, "batch_size": 50, "seed": 0}}
        paused = sys.argv[3] == "paused"
        order = TrainingOrder(find_recipe("linear"), settings, paused=paused)
        app.call_from_thread(app.start_training, order)
        if paused:
            wait_for(lambda: app.session.snapshot.state == "paused")
            app.session.step()
            wait_for(lambda: app.session.snapshot.step and app.session.snapshot.state == "paused")
        else:
            wait_for(lambda: app.session.snapshot.epoch >= 2)
    Path(sys.argv[2]).write_text("now")

read = os.read

def torn(descriptor, size):
    # What the kernel does for a moment before it sends SIGHUP.
    found = read(descriptor, size)
    if descriptor == 0 and TEAR in found:
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    return found

os.read = torn
app = TutorApp(lesson="linear/from-scratch", preload=begin)
app.run()
sys.exit(app.return_code)
"""


class Reader(threading.Thread):
    """Reads what the screens draw, as a terminal does, until the line is gone."""

    def __init__(self, master: int) -> None:
        super().__init__(daemon=True)
        self.master = master
        self._dropped = threading.Event()

    def run(self) -> None:
        while not self._dropped.is_set():
            if select.select([self.master], [], [], 0.05)[0]:
                try:
                    os.read(self.master, 65536)
                except OSError:  # the program is gone
                    break
        self._dropped.wait(TIMEOUT)
        os.close(self.master)  # the kernel sends SIGHUP, and every further write fails

    def drop(self) -> None:
        """Close the terminal's side of the line."""
        self._dropped.set()
        self.join()

    def tear(self) -> None:
        """Let the next read fail, before any signal comes."""
        os.write(self.master, TEAR)


def run_until_dropped(
    tmp_path: Path, how: str, number: int | None = None, *, torn: bool = False
) -> int:
    """Start the screens, drop the line at the agreed moment, or send the signal `number`.

    Where it is `torn`, a read fails, and the signal that should follow does not come. The exit
    status.
    """
    marker = tmp_path / "marker"
    os.mkfifo(marker)
    master, slave = os.openpty()
    epochs = EPOCHS if number is None else TOO_MANY
    arguments = [str(slave), str(marker), how, str(epochs)]
    process = warm.start(["-c", PROGRAM, *arguments], pass_fds=[slave], loaded=True, tidy=False)
    os.close(slave)
    reader = Reader(master)
    reader.start()
    assert marker.read_text() == "now"  # waits until somebody writes it
    if number is None and not torn:
        reader.drop()
        return process.wait(TIMEOUT)
    if number is None:
        reader.tear()
    else:
        process.send_signal(number)
    status = process.wait(TIMEOUT)
    reader.drop()
    return status


@pytest.mark.parametrize("torn", [False, True])
def test_a_running_training_goes_on_to_its_end(tmp_path: Path, torn: bool) -> None:
    assert run_until_dropped(tmp_path, "running", torn=torn) == 0
    told = Progress().setting(LEFT_BEHIND) or ""
    assert f"finished all {EPOCHS} epochs" in told
    assert load(latest_checkpoint("linear")).epoch == EPOCHS
    assert "dltutor train linear --resume" in told


def test_a_paused_training_is_saved_where_it_stands(tmp_path: Path) -> None:
    assert run_until_dropped(tmp_path, "paused") == 0
    checkpoint = load(latest_checkpoint("linear"))
    assert (checkpoint.epoch, checkpoint.epoch_step) == (0, 1)
    assert "paused in epoch 1" in (Progress().setting(LEFT_BEHIND) or "")


def test_sigterm_saves_a_running_training_for_the_next_start(tmp_path: Path) -> None:
    assert run_until_dropped(tmp_path, "running", signal.SIGTERM) == 0
    offer = look("linear")
    assert offer is not None
    assert 2 <= offer.epoch < TOO_MANY
    assert cut_off() == ["linear"]


def test_a_killed_training_is_marked_for_the_next_start(tmp_path: Path) -> None:
    assert run_until_dropped(tmp_path, "running", signal.SIGKILL) == -signal.SIGKILL
    assert look("linear") is not None
    assert cut_off() == ["linear"]


def test_without_a_training_the_screens_end_and_the_place_is_kept(tmp_path: Path) -> None:
    assert run_until_dropped(tmp_path, "idle") == 0
    assert Progress().last() == "linear/from-scratch"
    assert not Progress().setting(LEFT_BEHIND)
