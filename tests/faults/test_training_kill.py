"""A training that is killed, or whose terminal goes away, is not lost."""

from __future__ import annotations

import json
import os
import signal

import pytest

from engine.training.checkpoint_file import load
from tests.checkpoints import latest_checkpoint
from tests.unit import warm
from tui.cli import main

WORDS = ["train", "linear", "--epochs", "200", "--batch-size", "50", "--device", "cpu"]
FEWER = ["train", "linear", "--epochs", "60", "--batch-size", "50", "--device", "cpu", "--json"]
RESTING = """
import sys
from tests.faults.opening import rest_between_updates
from tui.cli import main

rest_between_updates()
sys.exit(main(sys.argv[1:]))
"""
"""The command, with time to be killed in."""
TIMEOUT = 60


def end_event(out: str) -> dict[str, object]:
    event: dict[str, object] = json.loads(out.splitlines()[-1])
    assert event["event"] == "end"
    return event


def test_killed_and_resumed_it_ends_with_the_same_bits(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(FEWER) == 0
    straight = end_event(capsys.readouterr().out)
    latest_checkpoint("linear").unlink()

    with warm.started(["-c", RESTING, *FEWER], loaded=True) as (process, stdout):
        # A checkpoint is not saved after each of these short epochs: wait for one to kill it on.
        for _ in stdout:
            path = latest_checkpoint("linear")
            if path.exists() and load(path).epoch >= 3:
                break
        process.kill()
        assert process.wait() == -signal.SIGKILL
    assert 3 <= load(latest_checkpoint("linear")).epoch < 60

    assert main(["train", "linear", "--resume", "--device", "cpu", "--json"]) == 0
    resumed = end_event(capsys.readouterr().out)
    assert resumed["parameters_sha256"] == straight["parameters_sha256"]
    assert (resumed["w"], resumed["b"]) == (straight["w"], straight["b"])


@pytest.mark.skipif(not hasattr(os, "login_tty"), reason="there are no pseudo-terminals here")
def test_a_terminal_that_goes_away_does_not_end_the_training() -> None:
    master, slave = os.openpty()
    program = (
        "import os, sys; os.login_tty(int(sys.argv[1]));"
        f"from tui.cli import main; sys.exit(main({WORDS!r}))"
    )
    process = warm.start(["-c", program, str(slave)], pass_fds=[slave], loaded=True)
    os.close(slave)
    seen = b""
    while b" 2/200 " not in seen:
        seen += os.read(master, 4096)
    os.close(master)  # the kernel sends SIGHUP, and every further write fails with EIO
    assert process.wait(TIMEOUT) == 0
    assert load(latest_checkpoint("linear")).epoch == 200
