"""Two programs that resume one run at the same moment: one goes on, the other says why not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from engine.training import begin, underway
from engine.training.run_files import checkpoint_path, record_path
from tests.faults.test_early_kill import PROGRAM
from tests.unit import warm
from tui.cli import main

RESUME = ["runs", "resume", "linear-1", "--epochs", "3", "--device", "cpu", "-q"]


@pytest.mark.parametrize("while_it", ["own_data", "TrainingRun"], ids=["loads", "begins"])
def test_the_second_one_is_refused(
    while_it: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "linear", "--epochs", "2", "--device", "cpu", "-q"]) == 0
    real = getattr(begin, while_it)
    with ExitStack() as other:

        def meanwhile(*given: object) -> object:
            _process, stdout = other.enter_context(
                warm.started(["-c", PROGRAM, *RESUME], loaded=True)
            )
            while "in the first update" not in (line := stdout.readline()):
                assert line, "the other one did not begin"
            before.extend(files())
            return real(*given)

        before: list[bytes] = []
        monkeypatch.setattr(begin, while_it, meanwhile)
        assert main(RESUME) == 2
        assert "linear-1 is being trained by another dltutor" in capsys.readouterr().err
        assert files() == before
        assert main(["runs", "rm", "linear-1"]) == 2, "the other one still has its mark"


AT_ONCE = """
import sys, time
from engine import alone
from tui.cli import main

def waits(seconds):
    print("waits or is marked", flush=True)
    time.sleep(seconds)

alone.wait = waits
from engine.training import underway
real = underway.begin

def begin(*given):
    real(*given)
    waits(0)

underway.begin = begin
sys.exit(main(sys.argv[1:]))
"""


def test_of_two_that_are_about_to_mark_it_one_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["train", "linear", "--epochs", "2", "--device", "cpu", "-q"]) == 0
    real = underway.begin
    with ExitStack() as stack:
        processes = []

        def meanwhile(*given: str) -> None:
            process, stdout = stack.enter_context(
                warm.started(["-c", AT_ONCE, *RESUME], loaded=True)
            )
            assert "waits or is marked" in stdout.readline()
            processes.append(process)
            real(*given)

        monkeypatch.setattr(underway, "begin", meanwhile)
        mine = main(RESUME)
        theirs = processes[0].wait(60)
    assert sorted([mine, theirs]) == [0, 2]


@pytest.mark.parametrize(
    "words",
    [("resume", "linear-1", "--epochs", "5", "--device", "cpu", "-q"), ("rm", "linear-1")],
    ids=["trained", "removed"],
)
def test_what_another_one_did_meanwhile_is_not_undone(
    words: tuple[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "linear", "--epochs", "2", "--device", "cpu", "-q"]) == 0
    real: Callable[..., object] = getattr(begin, "TrainingRun")  # noqa: B009 - imported there
    before: list[bytes] = []

    def meanwhile(*given: object) -> object:
        monkeypatch.setattr(begin, "TrainingRun", real)
        assert main(["runs", *words]) == 0
        before.extend(files())
        return real(*given)

    monkeypatch.setattr(begin, "TrainingRun", meanwhile)
    assert main(RESUME) == 2
    assert "linear-1 has been trained on, or removed, by another" in capsys.readouterr().err
    assert files() == before
    assert underway.cut_off() == []


def files() -> list[bytes]:
    paths: list[Path] = [checkpoint_path("linear-1"), record_path("linear-1")]
    return [path.read_bytes() for path in paths if path.exists()]
