"""The trainings of a sweep, one after the other or several at a time, each in a process."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, TypeAlias

from engine import language
from engine.errors import UserError
from engine.language import _
from engine.recipes.catalog import find_recipe
from engine.training.order import TrainingOrder
from engine.training.snapshot import Setting
from engine.training.task import Source
from engine.training.trial import Trial, train_trial
from engine.training.trial_list import append

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext
    from multiprocessing.process import BaseProcess

    from engine.training.loop import TrainingRun

INTERVAL = 0.1
"""Seconds between two looks at a running training."""
FORKS = sys.platform == "linux"
"""Whether processes are forks; where they are not, what is imported may not survive that."""
IMPORTED = [__name__, "torch"]
"""What is imported once for all processes, where they are forks."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one training of a sweep is."""

    number: int
    """Its place in the sweep."""
    epoch: int
    """The epoch under way."""
    epochs: int
    share: float
    """Updates made, from 0 to 1."""


OnProgress: TypeAlias = Callable[[Progress], None]
_Told: TypeAlias = tuple[str, dict[str, Setting], Source, str, bool]
"""An order as it goes to another process: recipe, settings, source, run to resume, keep."""


def run_all(
    orders: Sequence[tuple[int, TrainingOrder]],
    jobs: int,
    *,
    keep: bool,
    stopping: Callable[[], bool],
    on_progress: OnProgress,
) -> Iterator[tuple[int, Trial]]:
    """Train all, and give what came of each, with its number, as soon as it ends.

    Where `stopping`, those under way end as interrupted and no other begins. An exception of a
    training, such as missing data, is raised here.
    """
    if jobs == 1:
        yield from _one_by_one(orders, keep=keep, stopping=stopping, on_progress=on_progress)
    elif orders:
        with _Pool(jobs, keep) as pool:
            yield from pool.run(orders, stopping, on_progress)


def _one_by_one(
    orders: Sequence[tuple[int, TrainingOrder]],
    *,
    keep: bool,
    stopping: Callable[[], bool],
    on_progress: OnProgress,
) -> Iterator[tuple[int, Trial]]:
    for number, order in orders:
        if stopping():
            return
        watch = _Watch(number, on_progress)
        yield (
            number,
            train_trial(
                order,
                time.perf_counter,
                keep=keep,
                on_begin=append,
                on_update=watch,
                stopping=stopping,
            ),
        )


class _Watch:
    """Reports the progress of one training from time to time."""

    def __init__(self, number: int, report: OnProgress) -> None:
        self._number, self._report = number, report
        self._at = 0.0

    def __call__(self, run: TrainingRun) -> None:
        now = time.perf_counter()
        if now - self._at >= INTERVAL:
            self._at = now
            epoch = min(run.epoch + 1, run.epochs)
            self._report(Progress(self._number, epoch, run.epochs, run.step / run.total_steps))


class _Pool:
    """Processes that wait for trainings; each has a pipe of its own to this one.

    A process ends when its pipe is closed, so none is left behind when this one is killed.
    """

    def __init__(self, jobs: int, keep: bool) -> None:
        self._keep = keep
        self._processes: list[BaseProcess] = []
        self._pipes: list[Connection] = []
        context = _context()
        for _worker in range(jobs):
            mine, theirs = context.Pipe()
            process = context.Process(
                target=_work, args=(theirs, language.language()), name="sweep", daemon=True
            )
            try:
                with contextlib.nullcontext() if FORKS else _shielded():
                    process.start()
            except (EOFError, OSError):
                self.__exit__()
                raise _ended() from None
            theirs.close()
            self._processes.append(process)
            self._pipes.append(mine)

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_error: object) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(10)
            if process.is_alive():
                process.kill()

    def run(
        self,
        orders: Sequence[tuple[int, TrainingOrder]],
        stopping: Callable[[], bool],
        on_progress: OnProgress,
    ) -> Iterator[tuple[int, Trial]]:
        """Run the orders in the processes, as many at a time as there are; as `run_all`."""
        waiting = list(reversed(orders))
        busy: dict[Connection, int] = {}
        idle = list(self._pipes)
        told = False
        while True:
            while waiting and idle and not stopping():
                number, order = waiting.pop()
                pipe = idle.pop()
                pipe.send(_packed(order, self._keep))
                busy[pipe] = number
            if not busy:
                return
            if stopping() and not told:
                told = True
                for pipe in busy:
                    pipe.send(None)
            for ready in connection.wait(list(busy), INTERVAL):
                assert isinstance(ready, Connection)
                answer = _received(ready)
                if isinstance(answer, tuple):
                    on_progress(Progress(busy[ready], *answer))
                    continue
                number = busy.pop(ready)
                if isinstance(answer, Exception):
                    raise answer
                idle.append(ready)
                assert isinstance(answer, Trial)
                yield number, answer


def _context() -> SpawnContext | ForkServerContext:
    """How processes begin: never as a fork of this one, whose threads can lock it up.

    On Linux each is a fork of one that has only imported PyTorch, which takes seconds and memory.
    It ends with this process, and hands on the environment that it began with.
    """
    if not FORKS:
        return get_context("spawn")
    from multiprocessing import forkserver  # not everywhere

    context = get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    with _shielded():
        forkserver.ensure_running()
    return context


@contextlib.contextmanager
def _shielded() -> Iterator[None]:
    """Keep signals from a process that begins, until it ignores them or, as their server, always.

    ctrl+c reaches every process of the terminal, and only this one decides.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # otherwise it begins in here, and unblocks them
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _decided_here())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _decided_here() -> list[signal.Signals]:
    """The signals that end a sweep, or that it ignores."""
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    return [signal.Signals[name] for name in names if hasattr(signal, name)]


def _received(pipe: Connection) -> object:
    try:
        answer: object = pipe.recv()
    except (EOFError, OSError):
        return _ended()
    return answer


def _ended() -> UserError:
    return UserError(
        _(
            "A process of the sweep was ended from outside, perhaps for want of memory. What"
            " was trained is kept. Give the same command again to go on, with fewer --jobs if"
            " memory is short."
        )
    )


def _packed(order: TrainingOrder, keep: bool) -> _Told:
    run = order.run if order.resume else ""
    return order.recipe.name, dict(order.settings), order.source, run, keep


def _work(pipe: Connection, code: str) -> None:
    """The whole life of a process: train what comes through the pipe, until it is closed."""
    for each in _decided_here():
        signal.signal(each, signal.SIG_IGN)
    if code in language.languages():
        language.use(code)
    while True:
        try:
            told: _Told | None = pipe.recv()
            if told is not None:
                pipe.send(_answer(told, pipe))
        except (EOFError, OSError):
            return


def _answer(told: _Told, pipe: Connection) -> Trial | Exception:
    recipe, settings, source, run, keep = told

    def report(now: Progress) -> None:
        # Where nobody listens any longer, the training is stopped, and has not failed.
        with contextlib.suppress(OSError):
            pipe.send((now.epoch, now.epochs, now.share))

    try:
        order = TrainingOrder(find_recipe(recipe), settings, source, resume=bool(run), run=run)
        # Anything in the pipe, or its end, asks to stop.
        return train_trial(
            order, time.perf_counter, keep=keep, on_begin=append, on_update=_Watch(0, report),
            stopping=_Poll(pipe),
        )  # fmt: skip
    except Exception as error:
        return error


class _Poll:
    """Whether the pipe asks to stop; looks at it from time to time only."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._at = time.perf_counter()

    def __call__(self) -> bool:
        now = time.perf_counter()
        if now - self._at < INTERVAL:
            return False
        self._at = now
        try:
            return self._pipe.poll()
        except OSError:
            return True
