"""A machine with GPUs, faked."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import pytest
import torch


def build_for(
    monkeypatch: pytest.MonkeyPatch, built: str, gpus: Sequence[tuple[int, int] | Exception]
) -> None:
    """A PyTorch built for some targets, on a machine with GPUs of these compute capabilities."""

    def capability(index: int) -> tuple[int, int]:
        found = gpus[index]
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(torch.cuda, "is_available", lambda: bool(gpus))
    monkeypatch.setattr(torch.cuda, "device_count", lambda: len(gpus))
    monkeypatch.setattr(torch.cuda, "get_arch_list", built.split)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: f"GPU {index}")
    monkeypatch.setattr(torch.cuda, "get_device_capability", capability)
    monkeypatch.setattr(
        torch.cuda,
        "get_device_properties",
        lambda index: SimpleNamespace(name=f"GPU {index}", total_memory=2**30),
    )
