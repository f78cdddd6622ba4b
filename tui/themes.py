"""The themes of the program, and the colours that carry a meaning.

One hue stands for one meaning wherever it appears: in text, formulas, networks, code and charts.
The hues are those of Okabe and Ito (2008), which stay distinct with every common kind of colour
blindness, moved in lightness until each has a contrast of at least 4.5 : 1 against the background
(WCAG 2.2, success criterion 1.4.3). Colour never carries a meaning alone: signs, words or the
place say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import Any, Final, TypeVar, cast

from rich.console import Console, RenderableType
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.dom import DOMNode
from textual.filter import LineFilter, Monochrome, NoColor
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.signal import Signal
from textual.theme import Theme
from textual.widget import Widget

from tui.late_clicks import ignore_late_clicks
from tui.late_timers import never_lose_timers
from tui.laying_out import lay_out_once
from tui.lazy_styles import LazyStylesheet
from tui.no_break import keep_no_break_spaces
from tui.painting import Filters, paint_what_is_seen
from tui.sending import ExactUpdate, WholeUpdate
from tui.widgets.coded import in_toast

ReturnType = TypeVar("ReturnType")

lay_out_once()
paint_what_is_seen()
keep_no_break_spaces()
never_lose_timers()
ignore_late_clicks()

DARK: Final = "dltutor-dark"
LIGHT: Final = "dltutor-light"
CONTRAST: Final = "dltutor-contrast"
ANSI: Final = "dltutor-ansi"

FORMER_THEMES: Final = {"textual-dark": DARK, "textual-light": LIGHT}
"""What version 0.1 remembered, and what it is now."""

MEANINGS: Final = ("input", "weight", "delta", "loss", "computed")
"""What a hue can mean; the CSS variables are `$meaning-input` and so on."""

SERIES: Final = {
    "primary": "input", "success": "computed", "warning": "weight", "accent": "delta",
    "error": "loss",
}  # fmt: skip
"""The hue of each series of a chart; the CSS variables are `$series-primary` and so on."""


def _meanings(*colours: str) -> dict[str, str]:
    return {f"meaning-{name}": colour for name, colour in zip(MEANINGS, colours, strict=True)}


def _tints(*colours: str) -> dict[str, str]:
    """Grounds of panels: right, wrong, warning, note. Terminal colours cannot be mixed."""
    names = ("right", "wrong", "warning", "note")
    return {f"tint-{name}": colour for name, colour in zip(names, colours, strict=True)}


_DARK = Theme(
    name=DARK,
    dark=True,
    primary="#7aa2f7",
    secondary="#5b6b94",
    accent="#bb9af7",
    success="#63c98a",
    warning="#e6d36a",
    error="#f7768e",
    background="#11141b",
    surface="#181d27",
    panel="#202736",
    foreground="#d6dbe8",
    variables={
        **_meanings("#5aa4f2", "#ecb23a", "#edabd9", "#e9734f", "#4fdcaa"),
        "foreground-muted": "#8c96ad",
        "rule": "#2d3648",
        "border": "#7aa2f7",
        "border-blurred": "#2d3648",
        "footer-background": "#181d27",
        "footer-key-foreground": "#bb9af7",
        "footer-description-foreground": "#a9b3c9",
        "block-cursor-background": "#2b3a5c",
        "field-background": "#2b3a5c",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
        "input-selection-background": "#7aa2f7 35%",
        "scrollbar": "#3a455c",
        "scrollbar-hover": "#56658a",
        "scrollbar-active": "#7aa2f7",
        "scrollbar-background": "#151a23",
        "scrollbar-corner-color": "#151a23",
    },
)

_LIGHT = Theme(
    name=LIGHT,
    dark=False,
    primary="#2257c4",
    secondary="#8a97b5",
    accent="#6a3fb8",
    success="#1a7440",
    warning="#7d6400",
    error="#b3203c",
    background="#fcfcfb",
    surface="#f3f4f6",
    panel="#e9ebf0",
    foreground="#1d2330",
    variables={
        **_meanings("#14386b", "#8f5908", "#bb1ba1", "#7a1c08", "#066b56"),
        "foreground-muted": "#5d6678",
        "rule": "#d5d9e2",
        "border": "#2257c4",
        "border-blurred": "#c9cedb",
        "footer-background": "#eef0f4",
        "footer-key-foreground": "#6a3fb8",
        "footer-description-foreground": "#3f4859",
        "block-cursor-background": "#d5e0f8",
        "field-background": "#d5e0f8",
        "block-cursor-foreground": "#10182a",
        "block-cursor-text-style": "bold",
        "input-selection-background": "#2257c4 25%",
        "scrollbar": "#bcc3d1",
        "scrollbar-hover": "#98a2b6",
        "scrollbar-active": "#2257c4",
        "scrollbar-background": "#f0f1f4",
        "scrollbar-corner-color": "#f0f1f4",
    },
)

_CONTRAST = Theme(
    name=CONTRAST,
    dark=True,
    primary="#8ab8ff",
    secondary="#c8d4ff",
    accent="#d9b8ff",
    success="#5dff9b",
    warning="#ffe95c",
    error="#ff8a9a",
    background="#000000",
    surface="#000000",
    panel="#141414",
    foreground="#ffffff",
    variables={
        **_meanings("#4d9fff", "#ffbe33", "#f9b0ec", "#f0654a", "#5dffbe"),
        "foreground-muted": "#cfcfcf",
        "text-muted": "#cfcfcf",
        "text-disabled": "#a6a6a6",
        "rule": "#8a8a8a",
        "border": "#ffffff",
        "border-blurred": "#9a9a9a",
        "footer-background": "#000000",
        "footer-key-foreground": "#ffe95c",
        "footer-description-foreground": "#ffffff",
        "block-cursor-background": "#ffffff",
        # What is typed is white, too: a field cannot have the ground of a selected row.
        "field-background": "#1d3a6e",
        "block-cursor-foreground": "#000000",
        "block-cursor-text-style": "bold",
        "scrollbar": "#b8b8b8",
        "scrollbar-hover": "#ffffff",
        "scrollbar-active": "#ffe95c",
        "scrollbar-background": "#262626",
        "scrollbar-corner-color": "#262626",
    },
)

_ANSI = Theme(
    name=ANSI,
    ansi=True,
    dark=True,
    primary="ansi_bright_blue",
    secondary="ansi_cyan",
    accent="ansi_magenta",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        **_meanings("ansi_cyan", "ansi_yellow", "ansi_magenta", "ansi_red", "ansi_green"),
        "rule": "ansi_bright_black",
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "foreground-muted": "ansi_bright_black",
        "border": "ansi_bright_blue",
        "border-blurred": "ansi_bright_black",
        **_tints("transparent", "transparent", "transparent", "transparent"),
        "block-cursor-background": "ansi_blue",
        "field-background": "ansi_blue",
        "block-cursor-foreground": "ansi_bright_white",
        "footer-key-foreground": "ansi_magenta",
    },
)

_PLAIN = replace(
    _ANSI,
    name="dltutor-plain",
    variables={**_ANSI.variables, "block-cursor-text-style": "bold underline"},
)
"""Where NO_COLOR is set: what a colour would show is bold, underlined or reversed."""

THEMES: Final = (_DARK, _LIGHT, _CONTRAST, _ANSI)
"""The program's own themes, in the order in which the key for the theme goes through them."""


def has_few_colours(console: Console) -> bool:
    """Whether the terminal has the 16 colours of old at most, to which all others are rounded."""
    return console.color_system not in ("truecolor", "256")


def first_theme(console: Console) -> str:
    """The theme of a learner who has chosen none.

    Rounded to 16 colours, right would be white and warm grounds as red as what is wrong: there,
    the theme is that of the terminal's own colours.
    """
    return ANSI if has_few_colours(console) else DARK


def next_theme(name: str) -> str:
    """The theme after `name`; the first one if `name` is none of the program's own."""
    names = [theme.name for theme in THEMES]
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]


class ThemedApp(App[ReturnType]):
    """An application with the program's themes and the colours that its widgets ask for."""

    ALLOW_IN_MAXIMIZED_VIEW = "Footer, KeyBar"
    ESCAPE_TO_MINIMIZE = False  # a lab on the whole screen has fields that escape closes first

    DEFAULT_CSS = """
    LinesView:nocolor > .ink--button { text-style: bold reverse; }
    LinesView:nocolor > .ink--math-change { text-style: bold underline; }
    Input:nocolor, Input:ansi { text-style: underline; }
    Input:nocolor > .input--selection { text-style: reverse; }
    Screen:nocolor > .screen--selection { text-style: reverse; }
    Screen Toast { background: $panel; }
    Button:nocolor:focus { text-style: bold reverse; }
    ChoiceInput:nocolor:focus { text-style: bold reverse; }
    """

    _has_themes = False
    """Whether the program's own themes are there."""

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Say something in a corner; without markup, code and keys in it stand out."""
        if not markup:
            message, markup = in_toast(message)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def __init__(self) -> None:
        super().__init__()
        self.stylesheet = LazyStylesheet(variables={})
        self._unstyled: dict[DOMNode, bool] | None = None
        self._all_filters = Filters()
        self.drawn_signal: Signal[None] = Signal(self, "drawn")
        """Published whenever the terminal has been given what has changed on the screen."""
        for theme in (*THEMES, _PLAIN):
            self.register_theme(theme)
        self._has_themes = True
        self.theme = first_theme(self.console)
        if self.no_color:
            # Textual would send shades of grey, which are colours to a terminal all the same.
            self.theme = _PLAIN.name
            self._filters = [each for each in self._filters if not isinstance(each, Monochrome)]
            self._filters.append(NoColor())
        # The style sheets are read later, with these variables.
        self.stylesheet.set_variables(self.get_css_variables())

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme, none before the program's own are there: they take a while."""
        return super().get_css_variables() if self._has_themes else {}

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """The screens that can be seen below the top one: none where it covers them.

        Textual takes the one below for visible in any case, and lays it out with every change.
        """
        covered = not self._screen_stack or self._screen_stack[-1].styles.background.a == 1
        return [] if covered else super()._background_screens

    def get_line_filters(self) -> Sequence[LineFilter]:
        """All filters that are in force, as one."""
        enabled = tuple(super().get_line_filters())
        if enabled != self._all_filters.filters:
            self._all_filters = Filters(*enabled)  # a row keeps what each filter made of it
        return (self._all_filters,)

    def get_theme(self, theme_name: str) -> Theme | None:
        """A theme by its name, at once: each row that is drawn asks for one."""
        return self._registered_themes.get(theme_name) or super().get_theme(theme_name)

    def update_styles(self, node: DOMNode, animate: bool = True) -> None:
        """Style a node and all below it: at once, or at the end of `styled_once`."""
        if self._unstyled is None or isinstance(node, App):
            super().update_styles(node, animate)
        else:
            self._unstyled[node] = animate

    @contextmanager
    def styled_once(self) -> Iterator[None]:
        """However many classes change inside, each widget is styled once, at the end."""
        if self._unstyled is not None:
            yield
            return
        self._unstyled = {}
        try:
            yield
        finally:
            nodes, self._unstyled = self._unstyled, None
            for node, animate in nodes.items():
                if nodes.keys().isdisjoint(node.ancestors):
                    self.update_styles(node, animate)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if type(renderable) is ChopsUpdate:
            renderable = ExactUpdate.of(renderable)
        elif type(renderable) is LayoutUpdate:
            renderable = WholeUpdate.of(renderable)
        super()._display(screen, renderable)
        self.drawn_signal.publish(None)

    def _load_screen_css(self, screen: Screen[Any]) -> None:
        """Read the style sheet of a screen that is opened for the first time.

        Textual would read all sheets again, and match everything that is on the screen before with
        them. But the sheet of a screen says nothing about others.
        """
        if screen.CSS or self.css_monitor is not None:
            super()._load_screen_css(screen)
            return
        for path in screen.css_path:
            if not self.stylesheet.has_source(str(path), ""):
                self.stylesheet.read(path)
                self.stylesheet.parse()

    def refresh_css(self, animate: bool = True) -> None:
        """Read the style sheets again; not before they were read with the first theme."""
        if self._driver is not None:
            super().refresh_css(animate)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours with a meaning, for themes that do not set them, such as Textual's own."""
        if not getattr(self, "_registered_themes", {}):
            theme = chosen = _DARK
        else:
            theme = self.current_theme
            chosen = _DARK if theme.dark else _LIGHT
        names = [*(f"meaning-{name}" for name in MEANINGS), "rule", "field-background"]
        grounds = ("success", "error", "warning", "primary")
        mixed = [getattr(theme, name) or getattr(chosen, name) for name in grounds]
        hues = {**chosen.variables, **theme.variables}
        return {
            **_tints(*(f"{colour} 14%" for colour in mixed)),
            **{name: chosen.variables[name] for name in names},
            **{f"series-{role}": hues[f"meaning-{name}"] for role, name in SERIES.items()},
            "series-muted": hues["foreground-muted"],
        }


def styled_once(widget: Widget) -> AbstractContextManager[None]:
    """Style what changes inside once, at the end, if `widget` belongs to a `ThemedApp`."""
    app: App[Any] = widget.app
    return app.styled_once() if isinstance(app, ThemedApp) else nullcontext()


def on_drawn(widget: Widget, call: Callable[[], None]) -> None:
    """From now on, call `call` after each picture, while the widget is there."""
    app = cast("ThemedApp[object]", widget.app)
    app.drawn_signal.subscribe(widget, lambda _nothing: call(), immediate=True)
