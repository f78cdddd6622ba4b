from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from engine.devices import DeviceInfo, available_devices, choose, synchronize, timed
from engine.errors import UserError


@pytest.fixture
def cuda_count(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> int:
    """A machine with as many CUDA devices as the parameter says, and no Apple GPU."""
    count: int = request.param
    monkeypatch.setattr(torch.cuda, "is_available", lambda: count > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.setattr(
        torch.cuda,
        "get_device_properties",
        lambda index: SimpleNamespace(name=f"GPU {index}", total_memory=2**30 * (index + 1)),
    )
    return count


@pytest.mark.parametrize("cuda_count", [0], indirect=True)
def test_machine_without_gpu(cuda_count: int) -> None:
    assert [device.name for device in available_devices()] == ["cpu"]
    assert choose("auto") == choose("cpu") == torch.device("cpu")
    with pytest.raises(UserError, match="no CUDA device"):
        choose("cuda")
    with pytest.raises(UserError, match="no Apple GPU"):
        choose("mps")


@pytest.mark.parametrize("cuda_count", [2], indirect=True)
def test_machine_with_two_gpus(cuda_count: int) -> None:
    assert available_devices()[1:] == (
        DeviceInfo("cuda:0", "GPU 0", 2**30),
        DeviceInfo("cuda:1", "GPU 1", 2**31),
    )
    assert choose("auto") == choose("cuda") == torch.device("cuda", 0)
    assert choose("CUDA:1") == torch.device("cuda", 1)
    with pytest.raises(UserError, match=r"no device cuda:2. This machine has cuda:0, cuda:1."):
        choose("cuda:2")


@pytest.mark.parametrize("cuda_count", [0], indirect=True)
def test_apple_gpu(cuda_count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert choose("auto") == choose("mps") == torch.device("mps")
    assert available_devices()[-1].name == "mps"


@pytest.mark.parametrize("name", ["gpu", "", "cuda:", "cuda:x", "cuda:-1", "cpu:3"])
def test_unknown_device(name: str) -> None:
    with pytest.raises(UserError, match="Choose auto, cpu, cuda, cuda:N or mps"):
        choose(name)


def test_timing_waits_for_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[torch.device] = []
    monkeypatch.setattr(torch.cuda, "synchronize", waited.append)
    device = torch.device("cuda", 1)
    with timed(device) as timing:
        assert waited == [device]
    assert waited == [device, device]
    assert timing.seconds > 0


def test_cpu_needs_no_waiting() -> None:
    synchronize(torch.device("cpu"))
    with timed(torch.device("cpu")) as timing:
        torch.ones(10).sum()
    assert timing.seconds > 0
