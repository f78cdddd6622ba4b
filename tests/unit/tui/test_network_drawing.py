from __future__ import annotations

from engine.network import BiasMode
from engine.trace import Phase, Trace
from engine.worked_example import drawn_problem, worked_example
from tests.cases import for_each
from tui.figures.network_painter import NetworkDrawing, draw_network
from tui.figures.network_parts import Pulse
from tui.page.lines import Ink, line_text
from tui.widgets.network_drawing import network_figure

INSIDE_A_LESSON = (70, 12)
"""What a lesson in a terminal of 80×24 has for the drawing."""


def _at(trace: Trace, symbol: str) -> int:
    return [operation.symbol for operation in trace.operations].index(symbol)


def _draw(trace: Trace, position: int) -> NetworkDrawing:
    return draw_network(network_figure(trace, position), *INSIDE_A_LESSON)


def _text(drawing: NetworkDrawing) -> str:
    return "\n".join(line_text(line) for line in drawing.lines)


def test_values_appear_as_they_are_computed() -> None:
    trace = worked_example().trace()
    first = _text(_draw(trace, 0))
    assert "z   0.3775◂" in first
    assert "out ·" in first
    assert "0.59327" not in first
    assert "w₈ 0.55" in first
    assert "t 0.99" in first
    last = _text(_draw(trace, len(trace.operations) - 1))
    assert "out 0.59327" in last
    assert "δ   −0.0381" in last
    assert "w₈⁺ 0.5614" in last
    assert "b⁺ 0.619" in last


def test_what_moves_forward_and_what_moves_backward() -> None:
    trace = worked_example().trace()
    forward = network_figure(trace, _at(trace, "z_o1"))
    moving = {edge for edge, found in forward.edges.items() if found.pulse is not Pulse.NONE}
    assert moving == {(1, 0, 0), (1, 0, 1)}
    assert forward.layers[2][0].pulse is Pulse.FORWARD
    assert [unit.is_used for unit in forward.layers[1]] == [True, True]
    backward = network_figure(trace, _at(trace, "∂E/∂out_h1"))
    moving = {edge for edge, found in backward.edges.items() if found.pulse is Pulse.BACKWARD}
    assert moving == {(1, 0, 0), (1, 1, 0)}, "h1 is to blame through both of its edges"


def test_hue_arrow_and_place_say_where_it_moves() -> None:
    trace = worked_example().trace()
    inks = {}
    arrows = {}
    for symbol in ("z_o1", "∂E/∂out_h1"):
        drawing = _draw(trace, _at(trace, symbol))
        inks[symbol] = {ink for line in drawing.lines for _text, ink in line}
        arrows[symbol] = [sign for sign in _text(drawing) if sign in "▸◂"]
    assert Ink.FORWARD in inks["z_o1"]
    assert Ink.BACKWARD not in inks["z_o1"]
    assert Ink.BACKWARD in inks["∂E/∂out_h1"]
    assert Ink.FORWARD not in inks["∂E/∂out_h1"]
    assert arrows["z_o1"].count("▸") == 2
    assert "▸" not in arrows["∂E/∂out_h1"]


def test_all_is_shown_of_the_worked_example_inside_a_lesson() -> None:
    trace = worked_example().trace()
    for position in range(len(trace.operations)):
        drawing = _draw(trace, position)
        text = _text(drawing)
        assert len(drawing.labels) == 8
        for name in ("x₁", "x₂", "h₁", "h₂", "o₁", "o₂"):
            assert f"╭ {name} ─" in text
        assert "…" not in text


@for_each("mode", list(BiasMode))
def test_every_bias_mode_has_its_bias_in_the_boxes(mode: BiasMode) -> None:
    trace = drawn_problem((2, 3, 1), bias_mode=mode).trace()
    figure = network_figure(trace, 0)
    for layer, units in enumerate(figure.layers[1:]):
        for i, unit in enumerate(units):
            assert unit.bottom is not None
            assert unit.bottom.value == trace.givens[trace.names.bias(layer, i)]


def test_every_operation_of_other_networks_is_drawn() -> None:
    for widths in [(1, 1, 1), (4, 1, 4), (2, 3, 4, 2), (8, 8, 8), (1, 8, 1, 8, 1)]:
        trace = drawn_problem(widths).trace()
        for position in range(0, len(trace.operations), 11):
            drawing = _draw(trace, position)
            now = trace.operations[position]
            if now.unit is not None and now.phase is not Phase.UPDATE:
                ink = Ink.BACKWARD if now.phase is Phase.BACKWARD else Ink.FORWARD
                assert ink in {ink for line in drawing.lines for _text, ink in line}
