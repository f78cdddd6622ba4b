"""Paints what is seen, and no more.

Textual asks each widget on the screen for all of its rows, also those that lie below another
widget and those that have not changed, and takes of them what is not covered yet. Here a widget is
asked for the rows of which a cell is wanted. Its styles are looked up once for all of them, and all
filters go over a row at once, not each over what the one before it made. And a row makes the seven
stores for what is cut from it only as it needs them: most rows need one or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

from rich.segment import Segment
from textual._compositor import ChopsUpdate, Compositor
from textual._styles_cache import StylesCache
from textual.cache import FIFOCache
from textual.color import Color
from textual.css.styles import StylesBase
from textual.filter import LineFilter
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

Pieces: TypeAlias = list[dict[int, Strip | None]]
"""For each row of the screen, what stands between two cuts, by the column where it begins."""
_EVERYTHING: Final = 0, 1 << 30


def _render_chops(
    self: Compositor, crop: Region, is_rendered_line: Callable[[int], bool]
) -> Sequence[Mapping[int, Strip]]:
    """Textual's, for whole rows."""
    rows = filter(is_rendered_line, crop.intersection(self.size.region).line_range)
    return cast("Sequence[Mapping[int, Strip]]", _painted(self, ((y, *_EVERYTHING) for y in rows)))


def _render_partial_update(self: Compositor) -> ChopsUpdate | None:
    """Textual's, without what stands beside the changed cells of a row."""
    screen = self.size.region
    changed = filter(None, [region.intersection(screen) for region in self._dirty_regions])
    self._dirty_regions.clear()
    spans = list(self._regions_to_spans(changed))
    if not spans:
        return None
    ends = [row[1:] for row in self.cuts]
    return ChopsUpdate(_painted(self, spans), spans, ends)


def _painted(compositor: Compositor, spans: Iterable[tuple[int, int, int]]) -> Pieces:
    """The pieces that meet one of the spans (row, first column, column after the last one)."""
    cuts = compositor.cuts
    pieces: Pieces = [dict.fromkeys(row[:-1]) for row in cuts]
    wanted: dict[int, set[int]] = {}
    """What is not painted yet, by row."""
    for y, left, right in spans:
        places = zip(cuts[y], cuts[y][1:], strict=False)
        wanted.setdefault(y, set()).update(x for x, end in places if x < right and end > left)
    for widget, (region, clip) in compositor.visible_widgets.items():  # the top one first
        shown = region.intersection(clip)
        left, right = shown.column_span
        rows = {
            y: found
            for y in shown.line_range
            if (missing := wanted.get(y)) and (found := [x for x in missing if left <= x < right])
        }
        if not rows:
            continue
        top, bottom = min(rows), max(rows)
        part = Region(left, top, right - left, bottom + 1 - top).translate(-region.offset)
        strips = widget.render_lines(part)
        for y, found in rows.items():
            own = [cut for cut in cuts[y] if left <= cut <= right]
            divided = strips[y - top].divide([cut - left for cut in own[1:]])
            row = dict(zip(own, divided, strict=False))
            painted = [x for x in found if x in row]
            pieces[y].update((x, row[x]) for x in painted)
            wanted[y].difference_update(painted)
    return pieces


class _Looked:
    """The styles of a widget, each of which is looked up once while its rows are drawn.

    Textual looks a dozen of them up for each row, most of them by the rules of all four edges.
    """

    def __init__(self, styles: StylesBase) -> None:
        self._styles = styles

    def __getattr__(self, name: str) -> object:
        found = vars(self)[name] = getattr(self._styles, name)
        return found


_their_render = StylesCache.render


def _render(self: StylesCache, styles: StylesBase, *args: Any, **kwargs: Any) -> list[Strip]:
    """Textual's, with styles that are looked up once."""
    return _their_render(self, cast("StylesBase", _Looked(styles)), *args, **kwargs)


_their_refresh = Screen._compositor_refresh


def _refresh(self: Screen[Any]) -> None:
    """Textual's, after which a screen below a dialog is not painted again with each message."""
    before = self._repaint_required
    _their_refresh(self)
    if self is not self.app.screen:
        self._repaint_required = before


class Filters(LineFilter):
    """Several filters in one, which makes one row where each of them would make its own."""

    def __init__(self, *filters: LineFilter) -> None:
        super().__init__()
        self.filters = filters

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments after all filters, in their order."""
        for each in self.filters:
            segments = each.apply(segments, background)
        return segments


_SIZES: Final = {
    "_divide_cache": 4, "_crop_cache": 16, "_style_cache": 16, "_filter_cache": 4,
    "_line_length_cache": 4, "_crop_extend_cache": 4, "_offsets_cache": 4,
}  # fmt: skip
"""The stores of a row, with Textual's sizes."""


def _init(self: Strip, segments: Iterable[Segment], cell_length: int | None = None) -> None:
    """Textual's, without the stores."""
    self._segments = list(segments)
    self._cell_length = cell_length
    self._render_cache = None
    self._link_ids = None
    self._cell_count = None


def _made_late(self: Strip, name: str) -> FIFOCache[Any, Any]:
    """A store that a row has not needed yet; Python asks only for what is not there."""
    if name not in _SIZES:
        raise AttributeError(name)
    store: FIFOCache[Any, Any] = FIFOCache(_SIZES[name])
    setattr(self, name, store)
    return store


def paint_what_is_seen() -> None:
    """From now on, in every application of this process."""
    Screen._compositor_refresh = _refresh  # type: ignore[method-assign]
    StylesCache.render = _render  # type: ignore[method-assign]
    Compositor._render_chops = _render_chops  # type: ignore[method-assign]
    Compositor.render_partial_update = _render_partial_update  # type: ignore[method-assign]
    Strip.__init__ = _init  # type: ignore[method-assign]
    Strip.__getattr__ = _made_late  # type: ignore[attr-defined]
