"""The lab of the tangent: its keys, its numbers against autograd, and how it looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from engine.activations import activation
from engine.labs.tangent import HIGH, LOW, NAMES, START, STEP, Touch
from tests.screens.lab_bench import LabBench
from tui.labs import make_lab
from tui.labs.tangent import TangentLab, TangentView
from tui.page.lines import line_text

SnapCompare = Callable[..., bool]


def bench(theme: str = "dltutor-dark") -> tuple[LabBench, TangentLab]:
    app = LabBench("tangent", theme)
    assert isinstance(app.lab, TangentLab)
    return app, app.lab


@pytest.mark.parametrize("name", NAMES)
def test_the_slope_is_that_of_autograd(name: str) -> None:
    touch = Touch(name, -1.25)
    z = torch.tensor(touch.z, dtype=torch.float64, requires_grad=True)
    value = activation(name).torch_function()(z)
    (slope,) = torch.autograd.grad(value, z)
    assert touch.value_at(touch.z) == pytest.approx(value.item(), abs=1e-12)
    assert touch.slope == pytest.approx(slope.item(), abs=1e-12)


def test_z_stays_on_the_axis_and_steps_back_return() -> None:
    touch = Touch()
    for _step in range(100):
        touch = touch.moved(1)
    assert touch.z == HIGH
    assert touch.moved(-1).moved(1) == touch
    assert Touch(z=LOW).moved(-1).z == LOW


async def test_every_key_does_what_it_says() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        before = drawn(lab)
        assert "z = 2" in before
        await pilot.press("right")
        assert lab.touch == Touch("sigmoid", START + STEP)
        assert "z = 2.25" in drawn(lab)
        assert drawn(lab) != before
        await pilot.press("left")
        assert drawn(lab) == before
        assert "sigmoid" in app.said("function")
        assert "0.1050" in app.said("function")
        await pilot.press("n")
        assert lab.touch == Touch("tanh", START)
        for _step in range(20):
            await pilot.press("left")
        assert lab.touch.z == -3
        lab.touch = Touch("tanh", LOW)
        await pilot.press("left")
        assert "Here the curve ends: z is from -5 to 5" in app.said("note")
        await pilot.press("r")
        assert lab.touch == lab.begun


def drawn(lab: TangentLab) -> str:
    view = lab.query_one(TangentView)
    return "\n".join(line_text(line) for line in view.lines(70))


def test_an_unknown_function_is_told() -> None:
    lab = make_lab("tangent", {"function": "sine"})
    assert "no function 'sine'" in lab.trouble


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_it_looks_as_before(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    app, _lab = bench()
    assert snap_compare(app, terminal_size=size, press=["left", "left"])
