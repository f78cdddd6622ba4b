"""Every recipe on a real GPU; left out on a machine without one."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
import torch

from engine.devices import (
    DeviceMemoryError,
    Placement,
    choose,
    free_memory,
    memory_explained,
    timed,
)
from engine.training.checkpoint import capture, parameters_sha256, restore
from engine.training.checkpoint_file import load, save
from engine.training.loop import train
from tests.unit.engine.small_images import (
    CLASSIFIERS,
    RECIPES,
    small_run,
    small_task,
    write_small_sets,
)
from tests.unit.engine.training_fakes import advance

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return write_small_sets(tmp_path / "data", monkeypatch)


def test_auto_takes_the_gpu(folder: Path) -> None:
    task = small_task("softmax", folder, device="auto")
    assert task.device == choose("auto") == torch.device("cuda", 0)
    assert all(parameter.device == task.device for parameter in task.parameters.values())
    assert (free_memory(task.device) or 0) > 0


@pytest.mark.parametrize("recipe", RECIPES)
def test_it_starts_and_learns_as_on_the_cpu(recipe: str, folder: Path) -> None:
    runs = [small_run(recipe, folder, {"lr": 0.01}, device=device) for device in ("cpu", "cuda")]
    assert parameters_sha256(runs[0]) == parameters_sha256(runs[1])
    for run in runs:
        list(train(run))
    on_cpu, on_gpu = runs[0].measured[-1], runs[1].measured[-1]
    assert on_gpu.train_loss == pytest.approx(on_cpu.train_loss, rel=1e-3)
    assert on_gpu.test_loss == pytest.approx(on_cpu.test_loss, rel=1e-3)
    assert on_gpu.gradient_norms == pytest.approx(on_cpu.gradient_norms, rel=1e-2)
    assert runs[1].task.panels().gallery or recipe.startswith("linear")


@pytest.mark.parametrize("recipe", CLASSIFIERS)
def test_streamed_batches_hold_the_same_numbers_on_the_gpu(recipe: str, folder: Path) -> None:
    resident, streamed = (
        small_task(recipe, folder, placement=placement, device="cuda")
        for placement in (Placement.RESIDENT, Placement.STREAMED)
    )
    for (X, y), (X_streamed, y_streamed) in zip(
        resident.batches(64), streamed.batches(64), strict=True
    ):
        assert X_streamed.device == y_streamed.device == resident.device
        torch.testing.assert_close(X_streamed, X, rtol=0, atol=0)
        assert torch.equal(y_streamed, y)


@pytest.mark.parametrize("recipe", ["mlp", "mlp-concise", "mnist-mlp"])
def test_it_is_resumed_with_its_optimiser(recipe: str, folder: Path, tmp_path: Path) -> None:
    given: dict[str, int | float | str] = {"optimizer": "adam", "lr": 0.001}
    straight, begun, resumed = (small_run(recipe, folder, given, device="cuda") for _ in range(3))
    list(train(straight))
    advance(begun, 7)
    save(capture(begun), tmp_path / "c.safetensors")
    restore(resumed, load(tmp_path / "c.safetensors"))
    list(train(resumed))
    assert resumed.step == straight.step
    assert resumed.measured[-1].test_loss == pytest.approx(
        straight.measured[-1].test_loss, rel=1e-4
    )


def test_timing_waits_until_the_gpu_is_done() -> None:
    device = choose("cuda")
    X = torch.rand(2048, 2048, device=device)
    with timed(device) as short:
        X @ X
    with timed(device) as long:
        for _ in islice(iter(int, 1), 50):
            X = torch.nn.functional.normalize(X @ X)
    assert long.seconds > short.seconds > 0


def test_too_large_a_tensor_is_a_sentence() -> None:
    with pytest.raises(DeviceMemoryError, match="another device"), memory_explained():
        torch.empty(2**50, dtype=torch.uint8, device="cuda")
