"""The learner's preferences: `config.toml` in the config folder, read once at the start.

    [keys]                          # a binding's id, and the keys that shall call it
    "lesson.next" = "right,n"

    [screen]
    theme = "dltutor-light"         # over what was chosen last
    reduced_motion = true           # nothing blinks or runs by itself
    low_bandwidth = "auto"          # "on", "off"; "auto" is on over SSH

A file that cannot be used costs a sentence, never the start: what is right in it still counts.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from engine.folders import config_folder
from engine.language import _
from engine.refusals import reason

SSH = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")
_SCREEN = {"theme": str, "reduced_motion": bool, "low_bandwidth": str}
_WHEN = ("auto", "on", "off")


class Config(NamedTuple):
    """What the file says, and what is wrong with it."""

    keys: Mapping[str, str] = {}
    """Keys by the id of their binding, separated by commas."""
    theme: str = ""
    reduced_motion: bool = False
    low_bandwidth: str = "auto"
    problems: tuple[str, ...] = ()
    """Sentences: what cannot be used, and why."""

    def saves_bandwidth(self, environment: Mapping[str, str] = os.environ) -> bool:
        """Whether screens shall send little: always, never, or where the line is SSH."""
        if self.low_bandwidth != "auto":
            return self.low_bandwidth == "on"
        return any(environment.get(name) for name in SSH)


def config_path() -> Path:
    """Where the file is looked for."""
    return config_folder() / "config.toml"


def read_config(
    path: Path | None = None, known: Iterable[str] = (), themes: Iterable[str] = ()
) -> Config:
    """The preferences in `path`; those of the learner by default.

    Binding ids are checked against `known`, and the theme against `themes`, where these are given.
    """
    source = path or config_path()
    if source.exists() and not source.is_file():  # a pipe would keep its reader waiting for ever
        return Config(problems=(_("It is not a file."),))
    try:
        text = source.read_text("utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        return Config(problems=(_("It cannot be read: {error}").format(error=reason(error)),))
    import tomllib  # most learners have no such file

    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Config(problems=(_("It is not TOML: {error}").format(error=error),))
    return _Reader(found, [*known], [*themes]).config()


def clashes(keys: Mapping[str, str], places: Iterable[Iterable[str]]) -> list[str]:
    """Sentences about keys that call two actions in one place.

    `keys` holds all bindings in force; each place holds the ids of those that are there together.
    """
    found: dict[str, None] = {}
    for place in places:
        here = sorted(name for name in place if name in keys)
        for number, name in enumerate(here):
            for other in here[number + 1 :]:
                for key in sorted({*keys[name].split(",")} & {*keys[other].split(",")}):
                    told = _("The key {key} would call both {one} and {other}.")
                    found[told.format(key=key, one=name, other=other)] = None
    return sorted(found)


def problems_of(config: Config) -> list[str]:
    """All that is wrong with the preferences, compared with every binding of the program.

    This imports every screen, widget and lab.
    """
    from tui.bindings import all_bindings, places

    bindings = all_bindings()
    usual = {name: binding.key for name, binding in bindings.items()}
    there = places()
    before = {*clashes(usual, there)}
    after = clashes({**usual, **config.keys}, there)
    unknown = [_unknown(name, bindings) for name in config.keys if name not in bindings]
    return [*config.problems, *unknown, *(told for told in after if told not in before)]


def _unknown(name: str, known: Collection[str]) -> str:
    """The sentence about a binding that is not there."""
    near = difflib.get_close_matches(name, known, n=2)
    hint = (
        _("Did you mean {names}?").format(names=_(" or ").join(near))
        if near
        else _("`dltutor config show` lists them all.")
    )
    told = _("{name}: there is no such binding.").format(name=name)
    return f"{told} {hint}"


class _Reader:
    """Takes what is right, and says what is not."""

    def __init__(self, found: dict[str, Any], known: list[str], themes: list[str]) -> None:
        self.found, self.known, self.themes = found, known, themes
        self.problems: list[str] = []

    def config(self) -> Config:
        for name in self.found:
            if name not in ("keys", "screen"):
                self.problems.append(
                    _("There is no table [{name}]; there are [keys] and [screen].").format(
                        name=name
                    )
                )
        keys = self._keys(self.found.get("keys", {}))
        screen = self._screen(self.found.get("screen", {}))
        return Config(keys, **screen, problems=tuple(self.problems))

    def _keys(self, table: object) -> dict[str, str]:
        if not isinstance(table, dict):
            self.problems.append(_("[keys] is not a table."))
            return {}
        keys: dict[str, str] = {}
        for name, value in table.items():
            # `lesson.next = "n"` without quotes makes a table in a table.
            pairs = value.items() if isinstance(value, dict) else [("", value)]
            for part, text in pairs:
                self._key(f"{name}.{part}" if part else name, text, keys)
        return keys

    def _key(self, name: str, value: object, keys: dict[str, str]) -> None:
        if not isinstance(value, str) or not value.strip(" ,"):
            told = _("{name}: write the keys as one text, separated by commas: 'n,right'.")
            self.problems.append(told.format(name=name))
        elif self.known and name not in self.known:
            self.problems.append(_unknown(name, self.known))
        elif pressed := self._pressed(name, value):
            keys[name] = ",".join(pressed)

    def _pressed(self, name: str, value: str) -> list[str]:
        """The keys in a text, by the names that the program knows them by."""
        from tui.keymap import known_keys, usual_key

        found: list[str] = []
        for written in filter(None, (each.strip() for each in value.split(","))):
            key = usual_key(written)
            if key is None:
                near = difflib.get_close_matches(written.lower(), known_keys(), n=1)
                told = _("{name}: there is no key {key}.").format(name=name, key=repr(written))
                hint = (
                    _("Did you mean {names}?").format(names=near[0])
                    if near
                    else _("Keys are called `n`, `N`, `ctrl+n`, `pagedown`, `f5`, `comma`.")
                )
                self.problems.append(f"{told} {hint}")
            elif key not in found:
                found.append(key)
        return found

    def _screen(self, table: object) -> dict[str, Any]:
        if not isinstance(table, dict):
            self.problems.append(_("[screen] is not a table."))
            return {}
        screen: dict[str, Any] = {}
        for name, value in table.items():
            if name not in _SCREEN:
                told = _("screen.{name}: there is no such setting; there are {known}.")
                self.problems.append(told.format(name=name, known=", ".join(_SCREEN)))
            elif not isinstance(value, _SCREEN[name]):
                wanted = _("true or false") if _SCREEN[name] is bool else _("a text in quotes")
                told = _("screen.{name}: write {wanted}.")
                self.problems.append(told.format(name=name, wanted=wanted))
            elif name == "low_bandwidth" and value not in _WHEN:
                told = _("screen.low_bandwidth: write one of {choices}.")
                self.problems.append(told.format(choices=", ".join(_WHEN)))
            elif name == "theme" and value and self.themes and value not in self.themes:
                told = _("screen.theme: there is no theme {theme}; there are {known}.")
                self.problems.append(
                    told.format(theme=repr(value), known=", ".join(sorted(self.themes)))
                )
            else:
                screen[name] = value
        return screen
