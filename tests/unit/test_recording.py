"""Recordings of the screen as SVG that moves."""

from __future__ import annotations

from xml.etree import ElementTree

from tests.recording import Frame, Row, animation

SVG = "{http://www.w3.org/2000/svg}"


def row(text: str) -> Row:
    return ((text, "#ffffff", "#000000", False, False, False),)


def visible(svg: str, at: float) -> list[str]:
    """The texts that are seen at a share of the whole time."""
    seen = []
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        opacity = group.get("opacity")
        for animate in group.iter(f"{SVG}animate"):
            times = [float(each) for each in str(animate.get("keyTimes")).split(";")]
            values = str(animate.get("values")).split(";")
            assert len(times) == len(values)
            opacity = [v for t, v in zip(times, values, strict=True) if t <= at][-1]
        if opacity == "1":
            seen += [str(text.text) for text in group.iter(f"{SVG}text")]
    return seen


def test_every_frame_is_seen_in_its_time_and_at_no_other() -> None:
    frames = [
        Frame((row("title"), row("one")), 1),
        Frame((row("title"), row("two")), 2),
        Frame((row("title"), row("one <&>")), 1),
    ]
    svg = animation(frames, "a film")
    assert visible(svg, 0.1) == ["title", "one"]
    assert visible(svg, 0.5) == ["title", "two"]
    assert visible(svg, 0.9) == ["title", "one\N{NO-BREAK SPACE}<&>"], "browsers fold blanks"
    assert svg.count("title</text>") == 1  # what stays is there once


def test_a_single_frame_stands_still() -> None:
    svg = animation([Frame((row("alone"),), 1)], "a picture")
    assert visible(svg, 0.7) == ["alone"]
    assert "animate" not in svg
