"""The language of all texts: how it is chosen, and what a catalogue gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import tests.in_english  # noqa: F401 - before a test speaks Chinese
from engine import language
from engine.errors import UserError
from engine.language import _, chosen, code, languages, name_of, plural, use
from tests.cases import for_each


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """Leave English behind for the tests that follow."""
    yield
    use("en")


def test_english_and_chinese_are_there() -> None:
    assert languages() == ("en", "zh")
    assert [name_of(found) for found in languages()] == ["English", "中文"]


@for_each(
    ("option", "setting", "environ", "found"),
    [
        ("zh", "en", {"DLTUTOR_LANG": "en", "LANG": "en_GB.UTF-8"}, "zh"),
        ("zh_CN", None, {}, "zh"),
        (None, "en", {"DLTUTOR_LANG": "zh", "LANG": "en_GB.UTF-8"}, "zh"),
        (None, "zh", {"LANG": "en_GB.UTF-8"}, "zh"),
        (None, None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, None, {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, None, {"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "de_DE"}, "zh"),
        (None, None, {"LANG": "C"}, "en"),
        (None, None, {"LANG": "POSIX"}, "en"),
        (None, None, {"LANG": "xx_YY"}, "en"),
        (None, None, {"DLTUTOR_LANG": "xx", "LANG": "zh_CN"}, "zh"),
        (None, "gone", {}, "en"),
        (None, None, {}, "en"),
    ],
)
def test_the_first_that_is_known_counts(
    option: str | None, setting: str | None, environ: dict[str, str], found: str
) -> None:
    assert chosen(option, setting, environ) == found


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(LookupError):
        chosen("fr", None, {})
    with pytest.raises(LookupError):
        use("fr")


@for_each("name", ["zh", "zh_CN.UTF-8", "zh-Hans", " ZH_cn@pinyin"])
def test_the_code_of_a_locale(name: str) -> None:
    assert code(name) == "zh"


def test_texts_follow_the_language() -> None:
    assert _("English") == "English"
    use("zh")
    assert language.language() == "zh"
    assert _("English") == "中文"
    assert _("") == ""
    assert _("no such text") == "no such text"
    use("en")
    assert _("English") == "English"


@pytest.mark.parametrize("left", [0, 3, 100, 10_000])
def test_a_catalogue_that_was_cut_short_is_said_with_a_mend(
    left: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = language.catalogue_file("zh").read_bytes()
    monkeypatch.setattr(language, "CATALOGUES", tmp_path)
    path = language.catalogue_file("xx")
    path.parent.mkdir(parents=True)
    path.write_bytes(whole[:left])
    with pytest.raises(UserError, match=r"dltutor\.mo is damaged\. Compile it again: `pybabel"):
        use("xx")


def test_a_text_without_translation_counts_as_english_does() -> None:
    assert plural("{count} dragon", "{count} dragons", 1) == "1 dragon"
    assert plural("{count} dragon", "{count} dragons", 2) == "2 dragons"
