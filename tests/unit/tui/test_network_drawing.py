from __future__ import annotations

from itertools import product

import pytest

from engine.network import BiasMode
from engine.worked_example import drawn_problem, worked_example
from tui.page.lines import Ink, line_text, line_width
from tui.widgets.canvas import BOX, Canvas
from tui.widgets.network_drawing import draw_network
from tui.widgets.network_layout import network_layout


def _text(canvas: Canvas) -> list[str]:
    return [line_text(line) for line in canvas.lines()]


def test_every_meeting_of_light_and_heavy_lines_has_a_character() -> None:
    assert len(BOX) == 3**4 - 1
    assert BOX[1, 1, 1, 1] == "┼"
    assert BOX[0, 2, 1, 0] == "┒"
    assert BOX[2, 2, 0, 1] == "┠"


def test_lines_join_and_cross() -> None:
    canvas = Canvas()
    canvas.horizontal(0, 4, 1)
    canvas.vertical(2, 0, 2, 2)
    assert _text(canvas) == ["  ╻", "──╂──", "  ╹"]
    canvas.joint(2, 1)
    canvas.write(3, 1, "ab", Ink.STRONG)
    assert _text(canvas) == ["  ╻", "──●ab", "  ╹"]


@pytest.mark.parametrize("hidden", [1, 2, 3])
def test_no_two_wires_share_a_row(hidden: int) -> None:
    for widths in product(range(1, 5), repeat=hidden + 2):
        layout = network_layout.__wrapped__(widths)
        for layer, gap in enumerate(layout.gaps):
            for j, i, k in product(
                range(widths[layer]), range(widths[layer + 1]), range(widths[layer])
            ):
                # A way to a trunk and a wire from another trunk lie over each other only where
                # the wire's trunk is nearer to the sender.
                if k != j and gap.trunks[k] < gap.trunks[j]:
                    assert layout.wire(layer + 1, i, k) != layout.exit(layer, j), widths
        rows = [row for layer in layout.tops for row in layer]
        assert min(rows) >= 0


def test_worked_example_fits_into_74_columns_and_9_rows() -> None:
    trace = worked_example().trace()
    for position in range(len(trace.operations)):
        lines = draw_network(trace, position).lines
        assert len(lines) == 9
        assert max(line_width(line) for line in lines) <= 74


def test_values_appear_as_they_are_computed() -> None:
    trace = worked_example().trace()
    first = "\n".join(line_text(line) for line in draw_network(trace, 0).lines)
    assert "h1   z 0.3775◂" in first
    assert "out ·" in first
    assert "w8 0.55" in first
    assert "0.59327" not in first
    last = "\n".join(
        line_text(line) for line in draw_network(trace, len(trace.operations) - 1).lines
    )
    assert "out 0.59327" in last
    assert "δ −0.0381" in last
    assert "w8⁺0.5614" in last


def test_the_current_operation_and_what_feeds_it_stand_out_without_colour() -> None:
    trace = worked_example().trace()
    symbols = [operation.symbol for operation in trace.operations]
    lines = draw_network(trace, symbols.index("∂E/∂out_h1")).lines
    text = [line_text(line) for line in lines]
    # h1 is to blame through both of its wires, and no other wire is heavy.
    heavy = [line for line in text if "━" in line]
    assert any("━━w5 0.4━" in line for line in heavy)
    assert any("━w7 0.5━" in line for line in heavy)
    assert not any("━w6" in line or "━w8" in line or "━w1" in line for line in heavy)


@pytest.mark.parametrize("mode", list(BiasMode))
def test_all_networks_of_the_lab_are_drawn(mode: BiasMode) -> None:
    for widths in [(1, 1, 1), (4, 1, 4), (2, 3, 4, 2), (4, 4, 4, 4, 4), (1, 4, 1, 4, 1)]:
        trace = drawn_problem(widths, bias_mode=mode).trace()
        for position in range(0, len(trace.operations), 7):
            drawing = draw_network(trace, position)
            text = "\n".join(line_text(line) for line in drawing.lines)
            for name in (key for key in trace.givens if key.startswith(("w", "x", "b"))):
                assert f"{name} " in text or f"{name}⁺" in text
            assert drawing.y + drawing.height <= len(drawing.lines)
            assert drawing.width > 0
