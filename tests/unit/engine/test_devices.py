from __future__ import annotations

import json
import os

import pytest
import torch

from engine.devices import (
    DeviceInfo,
    available_devices,
    choose,
    cuda_faults,
    passed_over,
    runs_on,
    synchronize,
    timed,
)
from engine.errors import UserError
from tests.cases import for_each
from tests.faked_cuda import build_for
from tests.unit import warm


@pytest.fixture
def cuda_count(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> int:
    """A machine with as many CUDA devices as the parameter says, and no Apple GPU."""
    count: int = request.param
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    build_for(monkeypatch, "sm_80 sm_90", [(9, 0)] * count)
    return count


@for_each(
    ("built", "capability", "runs"),
    [
        ("sm_75 sm_80 sm_90", (6, 1), False),  # too old
        ("sm_75 sm_80 sm_90", (7, 0), False),  # an earlier minor
        ("sm_75 sm_80 sm_90", (7, 5), True),
        ("sm_80 sm_86", (8, 9), True),  # a later minor of the same major
        ("sm_86 sm_90", (8, 0), False),
        ("sm_50 sm_60", (8, 0), False),  # newer, and no PTX
        ("sm_50 sm_60 compute_60", (12, 0), True),  # newer, and the driver translates PTX
        ("sm_90 compute_90", (8, 6), False),  # PTX is for later ones only
        ("sm_90a", (9, 0), True),
        ("sm_100a", (10, 3), False),  # "a" is for this very one
        ("compute_90a", (10, 0), False),
        ("sm_100f", (10, 3), True),
        ("compute_100f", (12, 0), False),
        ("sm_120", (12, 1), True),
        ("sm_120", (1, 2), False),  # 12.0, not 1.20
        ("gfx90a gfx1100", (9, 0), True),  # AMD: nothing can be said
        ("", (3, 5), True),
    ],
)
def test_a_build_runs_on_a_gpu(built: str, capability: tuple[int, int], runs: bool) -> None:
    assert runs_on(built.split(), capability) is runs


OLD, GOOD, NEW = (3, 5), (8, 6), (12, 0)


@pytest.mark.parametrize(
    ("built", "gpus", "mps", "chosen", "said"),
    [
        ("sm_80", [GOOD], False, "cuda:0", ()),
        ("sm_80", [OLD], False, "cpu", ("cuda:0 (GPU 0, compute capability 3.5", "is cpu.")),
        ("sm_80", [NEW], False, "cpu", ("compute capability 12.0", "built for sm_80")),
        ("sm_80 compute_80", [NEW], False, "cuda:0", ()),
        ("sm_80", [OLD, GOOD], False, "cuda:1", ("cuda:0 (GPU 0", "is cuda:1.")),
        ("sm_80", [OLD, NEW, GOOD], False, "cuda:2", ("cuda:0", "cuda:1", "is cuda:2.")),
        ("sm_80", [GOOD, OLD], False, "cuda:0", ()),  # the second was never its turn
        ("sm_80", [OLD], True, "mps", ("cuda:0", "is mps.")),
        ("sm_80", [], True, "mps", ()),
        ("sm_80", [RuntimeError("driver crashed\nmore")], False, "cpu", ("(driver crashed)",)),
        ("sm_80", [RuntimeError(""), GOOD], False, "cuda:1", ("(RuntimeError)", "is cuda:1.")),
    ],
)
def test_auto_leaves_out_what_this_pytorch_cannot_use(
    monkeypatch: pytest.MonkeyPatch,
    built: str,
    gpus: list[tuple[int, int] | Exception],
    mps: bool,
    chosen: str,
    said: tuple[str, ...],
) -> None:
    build_for(monkeypatch, built, gpus)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert str(choose("auto")) == chosen
    told = passed_over()
    assert bool(told) is bool(said)
    for part in said:
        assert part in told
    names = [device.name for device in available_devices()]
    assert chosen in names
    for index, fault in enumerate(cuda_faults()):
        assert (f"cuda:{index}" in names) is not bool(fault)
        if fault:
            with pytest.raises(UserError, match=f"cuda:{index}.*Choose the device auto or cpu"):
                choose(f"cuda:{index}")


def test_a_driver_that_fails_altogether_leaves_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    build_for(monkeypatch, "sm_80", [GOOD])

    def count() -> int:
        raise RuntimeError("CUDA driver version is insufficient")

    monkeypatch.setattr(torch.cuda, "device_count", count)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert str(choose("auto")) == "cpu"
    assert passed_over() == ""


@pytest.mark.parametrize("cuda_count", [0], indirect=True)
def test_machine_without_gpu(cuda_count: int) -> None:
    assert [device.name for device in available_devices()] == ["cpu"]
    assert choose("auto") == choose("cpu") == torch.device("cpu")
    with pytest.raises(UserError, match="no CUDA device"):
        choose("cuda")
    with pytest.raises(UserError, match="no Apple GPU"):
        choose("mps")


def test_a_mistyped_device_is_recognised() -> None:
    with pytest.raises(UserError, match=r"no device 'cdua'. Did you mean cuda\? Choose auto"):
        choose("cdua")


@pytest.mark.parametrize("cuda_count", [2], indirect=True)
def test_machine_with_two_gpus(cuda_count: int) -> None:
    assert available_devices()[1:] == (
        DeviceInfo("cuda:0", "GPU 0", 2**30),
        DeviceInfo("cuda:1", "GPU 1", 2**30),
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


@for_each("name", ["gpu", "", "cuda:", "cuda:x", "cuda:-1", "cpu:3"])
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


@for_each(("asked", "limits"), [(None, ["1", "1"]), ("2", [None, None])])
def test_libraries_begin_with_one_thread_unless_another_number_is_asked_for(
    asked: str | None, limits: list[str | None]
) -> None:
    """NumPy and PyTorch read these when they are imported, before any training sets a number."""
    names = ["OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]
    outside = {"OMP_NUM_THREADS", *names}
    env = {name: value for name, value in os.environ.items() if name not in outside}
    if asked:
        env["OMP_NUM_THREADS"] = asked
    code = f"import engine, json, os; print(json.dumps([os.environ.get(n) for n in {names}]))"
    assert json.loads(warm.run(["-c", code], env=env).stdout) == limits
