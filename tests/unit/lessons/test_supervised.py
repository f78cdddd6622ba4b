"""An author's code cannot end or hang the program that runs it."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.broken import EndlessError
from lessons.format.lesson_error import LessonError
from lessons.format.trouble import in_file
from lessons.proof import supervised as module
from lessons.proof.supervised import supervised
from tests.unit.copies import copy_packages, dltutor_after


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


def _interrupt() -> None:
    raise KeyboardInterrupt


def test_an_interrupt_that_no_person_sent_is_an_error_of_the_code() -> None:
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(SystemExit) as caught, supervised():
            _interrupt()
        with pytest.raises(KeyboardInterrupt), supervised():
            signal.raise_signal(signal.SIGINT)
    finally:
        assert signal.signal(signal.SIGINT, handler) is signal.default_int_handler
    error = in_file(caught.value, Path(__file__).parent, Path("instead"))
    line = _interrupt.__code__.co_firstlineno + 1
    said = f"test_supervised.py:{line}: This would end the whole program (KeyboardInterrupt)."
    assert said in str(error)


def test_an_interrupt_is_of_the_code_where_ctrl_c_raises_none() -> None:
    """With the screens open, their loop has a handler that does nothing by itself."""
    came: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    try:
        with pytest.raises(SystemExit), supervised():
            _interrupt()
        with supervised():
            signal.raise_signal(signal.SIGINT)
        assert came == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, handler)
    ended: list[BaseException] = []

    def beside() -> None:
        try:
            with supervised():
                _interrupt()
        except BaseException as error:
            ended.append(error)

    thread = threading.Thread(target=beside)
    thread.start()
    thread.join()
    assert [type(error) for error in ended] == [SystemExit]


def test_without_a_stderr_nothing_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with supervised():
        print("noise")
    assert sys.stderr is None


def test_a_thread_that_does_not_end_is_said_and_does_not_stay_in_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_ROOT", Path(__file__).parents[1])
    monkeypatch.setattr(module, "_COURSE", "lessons")
    monkeypatch.setattr(module, "_REST", 0.1)
    go_on = threading.Event()
    start = threading.Thread.start
    thread = threading.Thread(target=lambda: go_on.wait())
    said = "The thread that runs here does not end"
    with pytest.raises(LessonError, match=said) as caught, supervised():
        thread.start()
    assert thread.daemon
    assert Path(caught.value.path) == Path(__file__)
    go_on.set()
    thread.join()
    assert threading.Thread.start is start
    with supervised():
        threading.Thread(target=lambda: None).start()


def test_what_is_printed_goes_to_stderr_and_streams_stay_open(
    capfd: pytest.CaptureFixture[str],
) -> None:
    streams = sys.stdout, sys.stderr
    spoils: tuple[Callable[[], None], ...] = (
        lambda: sys.stdout.close(),
        lambda: sys.stderr.close(),
        lambda: os.close(1),
        lambda: os.close(2),
        lambda: setattr(sys, "stdout", None),
    )
    for spoil in spoils:
        with supervised():
            print("noise")
            os.write(1, b"more noise\n")
            spoil()
        assert (sys.stdout, sys.stderr) == streams
        print("result")
        print("trouble", file=sys.stderr)
        out, err = capfd.readouterr()
        assert out == "result\n"
        assert sorted(err.splitlines()) == ["more noise", "noise", "trouble"]


def test_a_process_that_the_code_has_forked_does_not_go_on_with_the_results() -> None:
    with supervised():
        pid = os.fork()
    assert os.waitpid(pid, 0) == (pid, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="lessons are checked in processes of their own")
def test_a_lesson_that_kills_its_process_is_named(tmp_path: Path) -> None:
    copy = copy_packages(tmp_path)
    bad = "linear/model"
    facts = copy / "lessons/course/linear/model/facts.py"
    text = (
        facts.read_text("utf-8") + "\nimport os, signal\n\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    changes = {facts: text.encode()}
    found = dltutor_after(
        copy,
        (changes, ["check", "--json", bad]),
        ({}, ["check", "backprop/batches", bad, "backprop/forward"]),
    )
    for status, said in found:
        assert status == 2
        assert f"A process that checked the lesson {bad} was ended by the lesson's code" in said
    (sentence,) = [json.loads(each) for each in found[0][1].splitlines() if each.startswith("{")]
    assert "os.kill" in sentence["error"]


def test_a_lesson_that_is_shown_does_not_end_the_program_either(tmp_path: Path) -> None:
    copy = copy_packages(tmp_path)
    folder = copy / "lessons/course/linear/model"
    text = (folder / "facts.py").read_text("utf-8")

    def with_line(line: str) -> dict[Path, bytes]:
        return {folder / "facts.py": f"{text}\nimport os, sys\n{line}\n".encode()}

    shows = (
        ["show", "linear/model"],
        ["judge", "linear/model", "house_price", "1"],
        ["preview", "--once", str(folder)],
    )
    leaving, closing = with_line("os._exit(3)"), with_line("sys.stdout.close()")
    *left, opened, one, two, three = dltutor_after(
        copy,
        *((leaving, words) for words in (*shows, ["linear/model"])),
        *((closing, words) for words in shows),
    )
    assert [status for status, _ in left] == [2, 2, 1]
    line = text.count("\n") + 3
    for _, said in left:
        assert f"facts.py:{line}: This would end the whole program (os._exit(3))." in said
    status, said = opened
    assert (status, f"facts.py:{line}: This would end" in said) == (2, True)
    closed = [one, two, three]
    assert [status for status, _ in closed] == [0, 0, 0]
    assert all("linear/model" in said or "1: " in said for _, said in closed)
