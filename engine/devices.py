"""Which devices PyTorch can compute on here, choosing one, and timing that waits for it.

Importing this never imports torch; every function does.
"""

from __future__ import annotations

import re
import time
import warnings
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from engine.errors import UserError

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """One device that PyTorch can compute on."""

    name: str
    """As `choose` takes it: `cpu`, `cuda:0`, `mps`."""
    title: str
    """What it is, for the learner."""
    memory_bytes: int | None
    """Its own memory; None where it shares that of the machine."""


def available_devices() -> tuple[DeviceInfo, ...]:
    """Every device, the CPU first."""
    import torch

    devices = [DeviceInfo("cpu", f"CPU, {_threads(torch.get_num_threads())}", None)]
    for index in range(_cuda_count()):
        properties = torch.cuda.get_device_properties(index)
        devices.append(DeviceInfo(f"cuda:{index}", properties.name, properties.total_memory))
    if torch.backends.mps.is_available():
        devices.append(DeviceInfo("mps", "Apple GPU", None))
    return tuple(devices)


def choose(name: str = "auto") -> torch.device:
    """The device called `name`: auto, cpu, cuda, cuda:N or mps.

    `auto` takes the first CUDA device, else MPS, else the CPU; `cuda` means `cuda:0`. Raises
    UserError where that device is not there.
    """
    import torch

    wanted = name.strip().lower()
    if wanted == "cpu":
        return torch.device("cpu")
    count = _cuda_count()
    if wanted == "auto":
        if count:
            return torch.device("cuda", 0)
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    if wanted == "mps":
        if torch.backends.mps.is_available():
            return torch.device("mps")
        raise UserError(
            "PyTorch finds no Apple GPU (mps) on this machine. Choose the device auto or cpu."
        )
    match = re.fullmatch(r"cuda(?::(\d+))?", wanted)
    if match is None:
        raise UserError(
            f"There is no device {name!r}. Choose one of auto, cpu, cuda, cuda:N and mps."
        )
    index = int(match[1] or 0)
    if not count:
        raise UserError(
            "PyTorch finds no CUDA device on this machine. Choose the device auto or cpu."
        )
    if index >= count:
        there = ", ".join(f"cuda:{index}" for index in range(count))
        raise UserError(f"There is no device cuda:{index}. This machine has {there}.")
    return torch.device("cuda", index)


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


def _cuda_count() -> int:
    """How many CUDA devices work; a driver that is too old means none, without a warning."""
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.cuda.device_count() if torch.cuda.is_available() else 0


def _threads(count: int) -> str:
    return "1 thread" if count == 1 else f"{count} threads"
