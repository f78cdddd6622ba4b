"""The themes can be read by everyone: contrast, and hues that stay apart without one cone."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
from textual.color import Color
from textual.theme import Theme
from textual.widgets import Input

from tests.cases import for_each
from tui.themes import ANSI, DARK, LIGHT, MEANINGS, THEMES, ThemedApp, next_theme

OF_COLOURS = [theme for theme in THEMES if not theme.ansi]

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
BLINDNESS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "none": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = XYZ.sum(axis=1)


def linear(colour: str) -> npt.NDArray[np.float64]:
    """The linear RGB of an sRGB colour, shape (3,)."""
    value = np.array(Color.parse(colour).rgb) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(rgb: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """CIE L*a*b* of linear RGB, shape (3,)."""
    t = XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    lights = sorted(float(XYZ[1] @ linear(colour)) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def words(theme: Theme) -> dict[str, str]:
    """Every colour in which text is written."""
    named = {name: theme.variables[f"meaning-{name}"] for name in MEANINGS}
    for name in ("primary", "accent", "success", "warning", "error", "foreground"):
        named[name] = getattr(theme, name)
    return {**named, "muted": theme.variables["foreground-muted"]}


@for_each("theme", OF_COLOURS, ids=lambda theme: theme.name)
def test_text_has_the_contrast_that_reading_needs(theme: Theme) -> None:
    for ground in (theme.background, theme.surface, theme.panel):
        assert ground is not None
        for name, colour in words(theme).items():
            assert contrast(colour, ground) >= 4.5, (name, ground)


@for_each("theme", OF_COLOURS, ids=lambda theme: theme.name)
def test_what_is_typed_can_be_read_on_the_ground_of_its_field(theme: Theme) -> None:
    assert theme.foreground is not None
    assert contrast(theme.foreground, theme.variables["field-background"]) >= 7


@for_each("kind", BLINDNESS)
@for_each("theme", OF_COLOURS, ids=lambda theme: theme.name)
def test_meanings_stay_apart_for_every_eye(theme: Theme, kind: str) -> None:
    seen = {
        name: lab(np.array(BLINDNESS[kind]) @ linear(theme.variables[f"meaning-{name}"]))
        for name in MEANINGS
    }
    for one, other in combinations(MEANINGS, 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= 12, (one, other)


def test_a_warning_is_not_an_accent() -> None:
    for theme in OF_COLOURS:
        apart = lab(linear(str(theme.warning))) - lab(linear(str(theme.accent)))
        assert np.linalg.norm(apart) >= 40


async def test_meanings_have_a_colour_in_every_theme() -> None:
    app: ThemedApp[None] = ThemedApp()
    async with app.run_test():
        for name in [*app.available_themes]:
            app.theme = name
            variables = app.get_css_variables()
            for meaning in MEANINGS:
                Color.parse(variables[f"meaning-{meaning}"])


def test_the_key_goes_through_all_of_them() -> None:
    seen = [DARK]
    while (following := next_theme(seen[-1])) != DARK:
        seen.append(following)
    assert seen[1] == LIGHT
    assert seen[-1] == ANSI
    assert len(seen) == len(THEMES)
    assert next_theme("nord") == DARK


async def test_fields_can_be_seen_where_the_terminal_has_no_ground_for_them() -> None:
    app: ThemedApp[None] = ThemedApp()
    async with app.run_test() as pilot:
        field, other = Input(compact=True), Input(compact=True)
        await app.mount(field, other)
        for theme, is_lined in ((ANSI, True), (DARK, False)):
            app.theme = theme
            field.focus()
            await pilot.pause()
            assert bool(other.rich_style.underline) is is_lined
