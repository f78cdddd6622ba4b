"""An author's code cannot end or hang the program that runs it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from engine.broken import EndlessError
from lessons.format.trouble import in_file
from lessons.proof import supervised as module
from lessons.proof.supervised import supervised


def _turn_round() -> None:
    while True:
        pass


def test_an_endless_loop_is_stopped_where_it_turns() -> None:
    with pytest.raises(EndlessError) as caught, supervised(longest=0.3):
        _turn_round()
    error = in_file(caught.value, Path(__file__).parent, Path("instead"))
    line = _turn_round.__code__.co_firstlineno
    assert any(f"test_supervised.py:{line + more}: This does not" in str(error) for more in (1, 2))
    assert "Make the loop end, or compute less, and check again." in str(error)


def test_a_sign_of_life_begins_the_time_anew() -> None:
    with supervised(longest=0.5) as alive:
        for _ in range(4):
            until = time.process_time() + 0.2
            while time.process_time() < until:
                pass
            alive()


def test_code_that_waits_for_ever_ends_the_process_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left: list[int] = []
    monkeypatch.setattr(os, "_exit", left.append)
    monkeypatch.setattr(module, "_GRACE", 0.1)
    with pytest.raises(EndlessError), supervised(wait=0.1):
        time.sleep(1.0)
    assert left == [2]
    assert "This does not end" in capsys.readouterr().err


def test_nothing_leaves_the_process() -> None:
    leave = os._exit
    with pytest.raises(SystemExit) as caught, supervised():
        os._exit(0)
    assert os._exit is leave
    error = in_file(caught.value, Path(__file__).parent, Path("instead"))
    assert "This would end the whole program (os._exit(0)). Remove `sys.exit`" in str(error)
