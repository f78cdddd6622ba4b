"""The page that shows the pictures of `tests.views`: a row a view and size, a column a theme."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

_STYLE = (
    "body{font:14px sans-serif;margin:1em} td,th{padding:4px;vertical-align:top;text-align:left}"
    " img{width:100%;min-width:20em}"
)


def page(folder: Path, other: Path | None = None) -> str:
    """HTML with all pictures of `folder`; each has that of the same name in `other` at its left."""
    names = {path.stem for place in (folder, other) if place for path in place.glob("*-*-*.svg")}
    parts = [name.rsplit("-", 2) for name in names]
    themes = sorted({theme for _view, _size, theme in parts})
    rows = sorted({(view, int(size.split("x")[0]), size) for view, size, _theme in parts})
    places = [place for place in (other, folder) if place]
    heads = [f"{theme}: {place.name}" for theme in themes for place in places]
    lines = [
        "<!doctype html>",
        '<meta charset="utf-8">',
        f"<title>Views: {escape(folder.name)}</title>",
        f"<style>{_STYLE}</style>",
        "<table>",
        "<tr><th></th>" + "".join(f"<th>{escape(head)}</th>" for head in heads) + "</tr>",
    ]
    for view, _width, size in rows:
        cells = [
            _cell(place / f"{view}-{size}-{theme}.svg", folder)
            for theme in themes
            for place in places
        ]
        lines.append(f"<tr><th>{escape(view)}<br>{size}</th>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</table>", ""])


def _cell(picture: Path, folder: Path) -> str:
    if not picture.exists():
        return "<td>none</td>"
    link = escape(Path(os.path.relpath(picture, folder)).as_posix())
    return f'<td><a href="{link}"><img src="{link}" alt="{escape(picture.stem)}"></a></td>'
