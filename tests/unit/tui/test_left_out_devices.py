"""A GPU that this PyTorch has no programs for is left out, and people are told so."""

from __future__ import annotations

import pytest
import torch

from engine.training.task import Source
from tests.faked_cuda import build_for
from tui.commands.doctor import Report, _examine_devices
from tui.commands.glyphs import real_or_glyphs
from tui.terminal import inspect_terminal


@pytest.fixture(autouse=True)
def old_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    build_for(monkeypatch, "sm_80", [(3, 5)])


def test_doctor_lists_the_cpu_alone_and_says_why() -> None:
    report = Report(inspect_terminal())
    _examine_devices(report)
    assert [device.name for device in report.devices] == ["cpu"]
    assert len(report.problems) == 1
    assert "cuda:0 (GPU 0, compute capability 3.5; it was built for sm_80)" in report.problems[0]


@pytest.mark.parametrize(("device", "told"), [("auto", True), ("AUTO", True), ("cpu", False)])
def test_a_training_on_auto_says_which_gpu_is_left_out(
    capsys: pytest.CaptureFixture[str], device: str, told: bool
) -> None:
    trained = real_or_glyphs(lambda source: source.device, Source(device), require_real=True)
    assert trained == device
    said = capsys.readouterr().err
    assert ("no programs for the GPU cuda:0" in said) is told
    assert ("The device is cpu." in said) is told
