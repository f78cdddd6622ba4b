"""Two programs that resume one run at the same moment: one goes on, the other says why not."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from engine.training import begin
from engine.training.run_files import checkpoint_path, record_path
from tests.faults.test_early_kill import PROGRAM
from tests.unit import warm
from tui.cli import main

RESUME = ["runs", "resume", "linear-1", "--epochs", "3", "--device", "cpu", "-q"]


@pytest.mark.parametrize("while_it", ["its_own_data", "TrainingRun"], ids=["loads", "begins"])
def test_the_second_one_is_refused(
    while_it: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "linear", "--epochs", "2", "--device", "cpu", "-q"]) == 0
    real = getattr(begin, while_it)
    with ExitStack() as other:

        def meanwhile(*given: object) -> object:
            _process, stdout = other.enter_context(warm.started(["-c", PROGRAM, *RESUME]))
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


def files() -> list[bytes]:
    paths: list[Path] = [checkpoint_path("linear-1"), record_path("linear-1")]
    return [path.read_bytes() for path in paths]
