"""A learner's code in forks of an interpreter that has imported PyTorch, which takes seconds.

The process that watches it, its bounds and how it is ended are those of the program.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

import pytest

from tests.unit import warm


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start it in a fork, in a group of its own as a new session is."""
    if warm.FORKS:
        monkeypatch.setattr("lessons.exercises.process.subprocess", _Forks)


class _Forks:
    """As much of `subprocess` as is used there."""

    DEVNULL, PIPE, STDOUT = subprocess.DEVNULL, subprocess.PIPE, subprocess.STDOUT
    TimeoutExpired = subprocess.TimeoutExpired

    class Popen(warm.Started):
        """A process whose output, with its errors, is read from `stdout`."""

        def __init__(
            self, words: Sequence[str], *, pass_fds: Sequence[int], env: Mapping[str, str],
            **same: object,
        ) -> None:  # fmt: skip
            assert words[1:3] == ["-P", "-m"]
            assert same == {
                "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                "stderr": subprocess.STDOUT, "start_new_session": True,
            }  # fmt: skip
            reader, writer = os.pipe()
            nothing = os.open(os.devnull, os.O_RDONLY)
            started = warm.start(
                words[2:], env=env, stdin=nothing, stdout=writer, stderr=writer,
                pass_fds=pass_fds, tidy=False, group=True,
            )  # fmt: skip
            os.close(writer)
            os.close(nothing)
            super().__init__(started.pid)
            self.stdout = os.fdopen(reader, "rb", buffering=0)
