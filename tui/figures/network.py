"""The figure `network` of a lesson: drawn, and said in words."""

from __future__ import annotations

from engine.language import _
from engine.naming import Names, compact_text
from lessons.format.drawings import Net
from tui.figures.network_layout import VALUE_WIDTH, Layout
from tui.figures.network_painter import draw_network
from tui.figures.network_parts import simple_network
from tui.figures.registry import ROWS, FigureKind, Options
from tui.math.scripts import indexed
from tui.page.lines import Ink, InkLine, Piece, line_text
from tui.page.signs import plain_signs


def _draw(net: Net, width: int, height: int, options: Options) -> list[InkLine]:
    figure = simple_network(net.widths, net.outputs, net.weights)
    rows = height - 1 if net.layers and height >= 4 else height
    drawing = draw_network(figure, width, rows, braille=not plain_signs())
    lines = [_cropped(line, width) for line in drawing.lines]
    shown = [place for place, line in enumerate(lines) if line_text(line)]
    lines = lines[shown[0] : shown[-1] + 1] if shown else []
    if rows < height:
        lines.append(_layer_names(net, drawing.layout, width))
    return lines


def _layer_names(net: Net, layout: Layout, width: int) -> InkLine:
    """The name of each layer, centred below its units."""
    row = [" "] * width
    for layer, name in enumerate(net.layers):
        places = [place for (at, _i), place in layout.places.items() if at == layer]
        if not places:
            continue
        start = places[0].x + (places[0].width - len(name)) // 2
        start = max(0, min(start, width - len(name)))
        if (
            start >= 0
            and start + len(name) <= width
            and not "".join(row[max(0, start - 1) : start + len(name) + 1]).strip()
        ):
            row[start : start + len(name)] = name
    return (("".join(row).rstrip(), Ink.QUIET),)


def _cropped(line: InkLine, width: int) -> InkLine:
    found: list[Piece] = []
    used = 0
    for text, ink in line:
        part = text[: width - used]
        if part:
            found.append((part, ink))
        used += len(part)
    return tuple(found)


def _words(net: Net, options: Options) -> str:
    said = [_("Network with layers of {widths} units.").format(
        widths=", ".join(map(str, net.widths))
    )]  # fmt: skip
    names = Names(net.widths)
    for layer, values in enumerate(net.outputs or ()):
        known = [
            f"{indexed(names.unit(layer, i))} = {compact_text(value, 7)}"
            for i, value in enumerate(values)
            if value is not None
        ]
        if known:
            title = net.layers[layer] if net.layers else _("Layer {layer}").format(layer=layer + 1)
            said.append(f"{title}: {', '.join(known)}.")
    return " ".join(said)


def _rows(net: Net, width: int) -> int:
    most = max(net.widths)
    return (1 if net.layers else 0) + (4 * most if most <= 4 else min(18, 2 * most))


def _least(net: Net) -> int:
    return VALUE_WIDTH * len(net.widths) + 8 * (len(net.widths) - 1)


FIGURE = FigureKind(Net, _draw, _words, _rows, _least, {"rows": ROWS})
