"""Which devices PyTorch can compute on here, choosing one, and timing that waits for it.

Importing this never imports torch; every function does.
"""

from __future__ import annotations

import os
import re
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import TYPE_CHECKING, Self

from engine.errors import UserError
from engine.language import _, plural
from engine.naming import count_of
from engine.nearest import did_you_mean

if TYPE_CHECKING:
    import torch
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device that PyTorch can compute on."""

    name: str
    """As `choose` takes it: `cpu`, `cuda:0`, `mps`."""
    title: str
    """What it is, for the learner."""
    memory_bytes: int | None
    """Its own memory; None where it shares the memory of the machine."""


def available_devices() -> tuple[DeviceInfo, ...]:
    """Every device that can be used, the CPU first."""
    import torch

    threads = torch.get_num_threads()
    title = plural("CPU, {count} thread", "CPU, {count} threads", threads)
    devices = [DeviceInfo("cpu", title, None)]
    for index, fault in enumerate(cuda_faults()):
        if fault:
            continue
        properties = torch.cuda.get_device_properties(index)
        devices.append(DeviceInfo(f"cuda:{index}", properties.name, properties.total_memory))
    if torch.backends.mps.is_available():
        devices.append(DeviceInfo("mps", _("Apple GPU"), None))
    return tuple(devices)


def choose(name: str = "auto") -> torch.device:
    """The device called `name`: auto, cpu, cuda, cuda:N or mps.

    `auto` takes the first CUDA device that this PyTorch has programs for, else MPS, else the CPU;
    `cuda` means `cuda:0`. Raises UserError where that device is missing, or cannot be used.
    """
    import torch

    wanted = name.strip().lower()
    if wanted == "cpu":
        return torch.device("cpu")
    faults = cuda_faults()
    if wanted == "auto":
        if "" in faults:
            return torch.device("cuda", faults.index(""))
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    if wanted == "mps":
        if torch.backends.mps.is_available():
            return torch.device("mps")
        raise UserError(
            _("PyTorch finds no Apple GPU (mps) on this machine. Choose the device auto or cpu.")
        )
    match = re.fullmatch(r"cuda(?::([0-9]+))?", wanted)
    if match is None:
        there = _("There is no device {name!r}.").format(name=name)
        known = ("auto", "cpu", "cuda", "mps")
        near = "" if "gpu" in wanted else did_you_mean(wanted, known)  # a GPU is no cpu
        every = _("Choose auto, cpu, cuda, cuda:N or mps.")
        raise UserError(" ".join(filter(None, (there, near, every))))
    index = count_of(match[1] or "0")
    if not faults:
        raise UserError(
            _("PyTorch finds no CUDA device on this machine. Choose the device auto or cpu.")
        )
    if index >= len(faults):
        there = ", ".join(f"cuda:{number}" for number in range(len(faults)))
        text = _("There is no device {name}. This machine has {there}.")
        raise UserError(text.format(name=wanted, there=there))
    if faults[index]:
        raise UserError(faults[index] + " " + _("Choose the device auto or cpu."))
    return torch.device("cuda", index)


def passed_over() -> str:
    """Why `auto` leaves out GPUs of this machine, and what it takes; empty if it leaves out none.

    A GPU behind the one that `auto` takes is not left out: it was never its turn.
    """
    faults = cuda_faults()
    before = faults[: faults.index("")] if "" in faults else faults
    if not before:
        return ""
    return " ".join([*before, _("The device is {device}.").format(device=choose("auto"))])


def synchronize(device: torch.device) -> None:
    """Wait until `device` has done everything asked of it; on the CPU that is always so."""
    import torch

    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


class timed:  # noqa: N801 - read as a word: `with timed(device) as timing`
    """Measures a block of work on a device, waiting for the device before and after.

    `with timed(device) as timing: ...`, then `timing.seconds`.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._begin = 0.0
        self.seconds = 0.0
        """Duration of the block, once it has ended."""

    def __enter__(self) -> Self:
        synchronize(self._device)
        self._begin = time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        synchronize(self._device)
        self.seconds = time.perf_counter() - self._begin


class Placement(StrEnum):
    """Where the training samples are kept during the training."""

    AUTO = "auto"
    """On the device if they fit, else in the machine's memory."""
    RESIDENT = "resident"
    """On the device, all of them: nothing is copied while the model trains."""
    STREAMED = "streamed"
    """In the machine's memory: each mini-batch is copied to the device when its turn comes."""


MEMORY_MARGIN = 512 * 2**20
"""Bytes of a device's memory that are left for the model, its batches and other programs."""


def free_memory(device: torch.device) -> int | None:
    """Bytes that are free on `device`; None for the CPU, where the data are anyway."""
    import torch

    if device.type == "cuda":
        free, _total = torch.cuda.mem_get_info(device)
        return int(free)
    if device.type == "mps":
        return torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory()
    return None


def place(size: int, device: torch.device, wanted: Placement = Placement.AUTO) -> Placement:
    """Where to keep `size` bytes of samples: resident if they fit beside the margin."""
    if wanted is not Placement.AUTO:
        return wanted
    free = free_memory(device)
    fits = free is None or size + MEMORY_MARGIN <= free
    return Placement.RESIDENT if fits else Placement.STREAMED


def stream(
    batches: Iterator[tuple[Tensor, Tensor]], device: torch.device
) -> Iterator[tuple[Tensor, Tensor]]:
    """Copy each mini-batch to `device`; from pinned memory, the CPU need not wait for the copy.

    Pinned memory never moves, so the GPU reads it by itself, in turn with its other work. PyTorch
    keeps a pinned batch until its copy is done.
    """
    pin = device.type == "cuda"
    for batch in batches:
        X, y = (part.pin_memory() if pin else part for part in batch)
        yield X.to(device, non_blocking=pin), y.to(device, non_blocking=pin)


class DeviceMemoryError(UserError):
    """A device has too little memory for the work it was given."""


def is_memory_error(error: BaseException) -> bool:
    """Whether `error` says that memory ran out: on a GPU, on an Apple GPU or on the CPU."""
    words = ("out of memory", "can't allocate memory", "not enough memory")
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and any(word in str(error) for word in words)
    )


@contextmanager
def memory_explained() -> Iterator[None]:
    """Turn an out-of-memory error into a DeviceMemoryError that says what to do."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not is_memory_error(error):
            raise
        raise DeviceMemoryError(
            _(
                "The device has no memory left for this training. Choose a smaller batch size or"
                " another device, such as cpu, and start again."
            )
        ) from error


def cuda_faults() -> tuple[str, ...]:
    """For each CUDA device why it cannot be used, in a sentence; empty where it can be.

    Where the driver is missing or too old, PyTorch sees no device, and there are no sentences.
    """
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        except RuntimeError:
            return ()
        return tuple(_cuda_fault(index) for index in range(count))


def _cuda_fault(index: int) -> str:
    import torch

    name = f"cuda:{index}"
    try:
        title = torch.cuda.get_device_name(index)
        capability = torch.cuda.get_device_capability(index)
    except (RuntimeError, AssertionError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        text = _("The GPU {name} does not answer ({reason}). Its driver may need an update.")
        return text.format(name=name, reason=reason)
    built = torch.cuda.get_arch_list()
    if runs_on(built, capability):
        return ""
    text = _(
        "This PyTorch has no programs for the GPU {name} ({title}, compute capability {capability};"
        " it was built for {built}). https://pytorch.org/get-started/locally/ says which build has."
    )
    number = ".".join(map(str, capability))
    return text.format(name=name, title=title, capability=number, built=", ".join(built))


_TARGET = re.compile(r"(sm|compute)_(\d+)(\d)([af]?)")
"""A target of a build: kind, major and minor compute capability, and what it is limited to."""


def runs_on(built: Sequence[str], capability: tuple[int, int]) -> bool:
    """Whether a PyTorch that was built for the targets `built` runs on a GPU.

    Machine code, `sm_86`, runs on GPUs with the same major and the same or a later minor compute
    capability. `compute_90` (PTX) is translated by the driver, and runs on that and all later ones.
    With an `a` behind the number, either runs on this very one alone, with an `f` on those of its
    major from there on (CUDA C++ Programming Guide, "Compute Capabilities" and "Feature Sets").
    Where no target is known, as with AMD's names, nothing can be said, and True is returned.
    """
    targets = [found for each in built if (found := _TARGET.fullmatch(each))]
    return not targets or any(_covers(target, capability) for target in targets)


def _covers(target: re.Match[str], capability: tuple[int, int]) -> bool:
    kind, limit = target[1], target[4]
    own = int(target[2]), int(target[3])
    if limit == "a":
        return own == capability
    if kind == "compute" and not limit:
        return own <= capability
    return own[0] == capability[0] and own[1] <= capability[1]


class CpuThreads:
    """`with CpuThreads(2):` lets PyTorch compute on two CPU threads inside, and as before after it.

    It can be used again and again.
    """

    def __init__(self, count: int) -> None:
        import torch

        self.count = self._before = count
        self._get, self._set = torch.get_num_threads, torch.set_num_threads

    def __enter__(self) -> None:
        self._before = self._get()
        if self._before != self.count:
            self._set(self.count)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._before != self.count:
            self._set(self._before)


def use_one_thread() -> None:
    """Let PyTorch compute on one CPU thread, unless OMP_NUM_THREADS asks for another number.

    A training computes on as many as its own setting says, which is 1 unless it is changed.

    Models this small gain little from a second thread, and lose much where the threads wait for
    each other. Measured on 2 cores: an epoch of softmax takes one thread 0.26 s and two threads
    0.18 s, but up to 10 s while another program, or the screen, needs a core now and then. With one
    thread, the order of sums, and so every last bit, also does not depend on the number of cores.
    """
    if "OMP_NUM_THREADS" not in os.environ:
        import torch

        torch.set_num_threads(1)
