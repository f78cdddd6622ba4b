"""The language of all text that people read: one gettext catalogue, chosen at the start.

English sentences are the keys of the catalogue. `_("…")` translates one where it is used, so
modules may hold texts in constants: the command line chooses the language before it imports them.
Texts for authors and programmers (errors in a lesson's files, docstrings, logs) stay English.
"""

from __future__ import annotations

import gettext
import os
import re
import struct
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from engine.errors import UserError

ENGLISH = "en"
CATALOGUES = Path(__file__).parent / "locale"
"""One folder per language, as gettext lays them out: `zh/LC_MESSAGES/dltutor.po` and `.mo`."""
VARIABLE = "DLTUTOR_LANG"
SETTING = "language"
"""The key of the stored setting."""
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""What says the language of a terminal; the first that is set counts (POSIX)."""

_translations: gettext.NullTranslations = gettext.NullTranslations()
_language = ENGLISH


def catalogue_file(code: str, suffix: str = ".mo") -> Path:
    """The catalogue of a language: `.mo` is what runs, `.po` what translators edit."""
    return CATALOGUES / code / "LC_MESSAGES" / f"dltutor{suffix}"


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
    _translations = _catalogue(code)
    _language = code


@lru_cache(maxsize=8)
def _catalogue(code: str) -> gettext.NullTranslations:
    if code == ENGLISH:
        return gettext.NullTranslations()
    if code not in languages():
        raise LookupError(code)
    path = catalogue_file(code)
    with path.open("rb") as file:
        try:
            return gettext.GNUTranslations(file)
        except (OSError, struct.error, ValueError, IndexError):  # all that gettext raises there
            compiled = f"pybabel compile -i {path.with_suffix('.po')} -o {path}"
            raise UserError(f"{path} is damaged. Compile it again: `{compiled}`.") from None


def name_of(code: str) -> str:
    """What a language calls itself: `中文` for `zh`. Raises LookupError where it has no catalogue.

    A catalogue says so in its translation of the word "English".
    """
    own = _catalogue(code).gettext("English")
    return code if code != ENGLISH and own == "English" else own


def chosen(
    option: str | None, setting: str | None, environ: Mapping[str, str] | None = None
) -> str:
    """The language to use, from the first of these that is set and has a catalogue.

    `--lang`, `$DLTUTOR_LANG`, the stored setting, the locale of the terminal; else English. A name
    such as `zh_CN.UTF-8` stands for `zh`. Raises LookupError where `option` has no catalogue.
    """
    known = languages()
    if option is not None:
        if code(option) not in known:
            raise LookupError(option)
        return code(option)
    environ = os.environ if environ is None else environ
    locale = next((environ[name] for name in _LOCALE if environ.get(name)), "")
    names = (environ.get(VARIABLE), setting, locale)
    return next((code(name) for name in names if name and code(name) in known), ENGLISH)


def code(name: str) -> str:
    """The code of a language from the name of a locale: `zh` for `zh_CN.UTF-8` and `zh-Hans`."""
    return re.split(r"[_.@-]", name.strip().lower(), maxsplit=1)[0]


def _(text: str) -> str:
    """The text in the language in use; the text itself where it has no translation."""
    # An empty key would give the header of the catalogue.
    return _translations.gettext(text) if text else ""


def plural(one: str, many: str, count: int) -> str:
    """`one` or `many`, as the language in use counts `count`; both may hold `{count}`."""
    # Compiled catalogues hold an empty text for a plural that is not translated yet.
    text = _translations.ngettext(one, many, count) or (one if count == 1 else many)
    return text.format(count=count)
