"""Where samples lie, how they are streamed, and what is said when memory runs out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from engine import devices
from engine.devices import (
    MEMORY_MARGIN,
    DeviceMemoryError,
    Placement,
    free_memory,
    memory_explained,
    place,
    stream,
)
from engine.recipes.mlp import MlpTask
from engine.training.loop import train
from engine.training.worker import explain
from tests.cases import for_each
from tests.unit.engine.small_images import small_run, small_task, write_small_sets
from tests.unit.engine.training_fakes import TinyTask, tiny_run

CPU, GPU, APPLE = torch.device("cpu"), torch.device("cuda", 0), torch.device("mps")
ERRORS: list[Exception] = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB."),
    RuntimeError("MPS backend out of memory (MPS allocated: 17.00 GB)"),
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"),
    RuntimeError("not enough memory: you tried to allocate 9 bytes."),
    MemoryError(),
]


def test_free_memory_is_asked_of_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (7, 10))
    monkeypatch.setattr(torch.mps, "recommended_max_memory", lambda: 9)
    monkeypatch.setattr(torch.mps, "driver_allocated_memory", lambda: 4)
    assert [free_memory(device) for device in (CPU, GPU, APPLE)] == [None, 7, 5]


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        (None, Placement.RESIDENT),
        (MEMORY_MARGIN + 100, Placement.RESIDENT),
        (MEMORY_MARGIN + 99, Placement.STREAMED),
    ],
)
def test_samples_that_fit_beside_the_margin_lie_on_the_device(
    free: int | None, expected: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "free_memory", lambda device: free)
    assert place(100, GPU) is expected
    for wanted in (Placement.RESIDENT, Placement.STREAMED):
        assert place(100, GPU, wanted) is wanted


def test_a_gpu_gets_pinned_copies_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    copies: list[tuple[int, torch.device, bool]] = []

    def pin(self: torch.Tensor) -> torch.Tensor:
        pinned = self.clone()
        pinned.is_pinned_here = True  # type: ignore[attr-defined]  # to know it again
        return pinned

    def to(self: torch.Tensor, device: torch.device, non_blocking: bool) -> torch.Tensor:
        assert hasattr(self, "is_pinned_here") == non_blocking
        copies.append((len(self), device, non_blocking))
        return self

    monkeypatch.setattr(torch.Tensor, "pin_memory", pin)
    monkeypatch.setattr(torch.Tensor, "to", to)
    made: list[int] = []

    def batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for size in (3, 2):
            made.append(size)
            yield torch.rand(size, 4), torch.zeros(size)

    for device, pinned in ((GPU, True), (APPLE, False)):
        copies.clear()
        made.clear()
        streamed = stream(batches(), device)
        X, _ = next(streamed)
        assert X.shape == (3, 4)
        assert made == [3]  # the next batch is made when it is asked for
        assert [len(X) for X, _ in streamed] == [2]
        assert copies == [
            (3, device, pinned), (3, device, pinned), (2, device, pinned), (2, device, pinned),
        ]  # fmt: skip


@for_each("error", ERRORS, ids=lambda error: type(error).__name__)
def test_memory_that_runs_out_is_a_sentence(error: Exception) -> None:
    with (
        pytest.raises(DeviceMemoryError, match="smaller batch size or another device"),
        memory_explained(),
    ):
        raise error


def test_other_errors_pass() -> None:
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"), memory_explained():
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")


def test_while_it_trains_it_is_a_sentence_and_what_was_learned_stays() -> None:
    def run_out(task: TinyTask, number: int) -> None:
        if number == 3:
            raise ERRORS[0]

    run = tiny_run(TinyTask(before_update=run_out))
    with pytest.raises(DeviceMemoryError) as caught:
        list(train(run))
    assert explain(caught.value).startswith("The device has no memory left for this training.")
    assert run.step == 2


def test_while_it_is_measured_it_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = small_run("mlp", write_small_sets(tmp_path, monkeypatch))

    def run_out(self: MlpTask) -> None:
        raise ERRORS[0]

    monkeypatch.setattr(MlpTask, "evaluate", run_out)
    with pytest.raises(DeviceMemoryError):
        list(train(run))


def test_while_it_loads_it_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_small_sets(tmp_path, monkeypatch)

    def run_out(*args: object) -> None:
        raise ERRORS[0]

    monkeypatch.setattr(MlpTask, "__init__", run_out)
    with pytest.raises(DeviceMemoryError):
        small_task("mlp", folder)
