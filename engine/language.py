"""The language of everything that people read: one gettext catalogue, chosen at the start.

English sentences are the catalogue's keys. `_("…")` translates one where it is used, so modules may
hold texts in constants: the command line chooses the language before it imports them. Texts for
authors and programmers (errors in a lesson's files, docstrings, logs) stay English.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

ENGLISH = "en"
CATALOGUES = Path(__file__).parent / "locale"
"""A folder a language, as gettext lays them out: `zh/LC_MESSAGES/dltutor.po` and `.mo`."""
VARIABLE = "DLTUTOR_LANG"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""What says the language of a terminal, the first that is set (POSIX)."""

_translations: gettext.NullTranslations = gettext.NullTranslations()
_language = ENGLISH


def languages() -> tuple[str, ...]:
    """English and every language that has a catalogue, by their ISO 639 codes."""
    others = sorted(path.parts[-3] for path in CATALOGUES.glob("*/LC_MESSAGES/dltutor.mo"))
    return (ENGLISH, *others)


def language() -> str:
    """The language in use."""
    return _language


def use(code: str) -> None:
    """Show everything in this language from now on; raises LookupError where it has no catalogue.

    Texts that modules hold in constants keep the language in which they were imported.
    """
    global _language, _translations
    if code not in languages():
        raise LookupError(code)
    _translations = gettext.NullTranslations()
    if code != ENGLISH:
        with (CATALOGUES / code / "LC_MESSAGES" / "dltutor.mo").open("rb") as file:
            _translations = gettext.GNUTranslations(file)
    _language = code


def chosen(option: str | None, setting: str | None, environ: Mapping[str, str] = os.environ) -> str:
    """The language to use: `--lang`, `$DLTUTOR_LANG`, the setting, the locale; the first set.

    A name such as `zh_CN.UTF-8` stands for `zh`. What has no catalogue is passed over, but for
    `option`: that raises LookupError.
    """
    known = languages()
    if option is not None:
        if code(option) not in known:
            raise LookupError(option)
        return code(option)
    locale = next((environ[name] for name in _LOCALE if environ.get(name)), "")
    return _first_known((environ.get(VARIABLE), setting, locale), known)


def code(name: str) -> str:
    """The code of a language out of the name of a locale: `zh` for `zh_CN.UTF-8` and `zh-Hans`."""
    return re.split(r"[_.@-]", name.strip().lower(), maxsplit=1)[0]


def _first_known(names: Iterable[str | None], known: tuple[str, ...]) -> str:
    return next((code(name) for name in names if name and code(name) in known), ENGLISH)


def _(text: str) -> str:
    """The text in the language in use; the text itself where it has no translation."""
    return _translations.gettext(text)


def plural(one: str, many: str, count: int) -> str:
    """`one` or `many`, as the language in use counts `count`; both may hold `{count}`."""
    return _translations.ngettext(one, many, count).format(count=count)
