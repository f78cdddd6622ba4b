"""The language of the command line: the option, the variable, the setting, the locale."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

import tests.in_english  # noqa: F401 - before a test speaks Chinese
from engine import language
from lessons.learner.progress import Progress
from lessons.learner.stored import stored_setting
from tests.unit import warm
from tui.cli import main

CHINESE = "反向传播"
ENGLISH = "Backpropagation"


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """Leave English behind for the tests that follow."""
    yield
    language.use("en")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No language in the environment."""
    for name in os.environ:
        if name == "DLTUTOR_LANG" or name.startswith(("LC_", "LANG")):
            monkeypatch.delenv(name)


def started(*words: str, **environ: str) -> str:
    """What a `dltutor` of its own prints, with these variables besides."""
    done = warm.run(["-m", "tui.cli", *words], env={**os.environ, **environ})
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["lessons", "--lang", "zh"],
        ["lessons", "--lang=zh_CN.UTF-8"],
        ["--lang", "zh", "lessons"],
        ["--lang=zh", "lessons"],
    ],
)
def test_the_option_may_stand_anywhere(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    assert CHINESE in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "environ", "title"),
    [
        ([], {}, CHINESE),
        ([], {"LANG": "en_GB.UTF-8"}, CHINESE),
        ([], {"DLTUTOR_LANG": "en", "LANG": "zh_CN.UTF-8"}, ENGLISH),
        (["--lang", "en"], {"DLTUTOR_LANG": "zh"}, ENGLISH),
    ],
)
def test_what_comes_first(
    words: list[str],
    environ: dict[str, str],
    title: str,
    bare: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = Progress()
    progress.remember("language", "zh")
    progress.close()
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert main(["lessons", *words]) == 0
    assert title in capsys.readouterr().out


@pytest.mark.parametrize("locale", ["", "C", "POSIX", "xx_YY", "xx_YY.UTF-8", "C.UTF-8"])
def test_a_locale_that_says_nothing_is_english(
    locale: str,
    bare: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    language.use("zh")
    monkeypatch.setenv("LANG", locale)
    assert main(["lessons"]) == 0
    assert ENGLISH in capsys.readouterr().out


@pytest.mark.parametrize(
    ("locale", "says"), [("zh_CN.UTF-8", "深度学习基础"), ("C.UTF-8", "fundamentals of deep")]
)
def test_a_new_process_speaks_the_language_of_the_locale(
    locale: str, says: str, bare: None
) -> None:
    assert says in started("--help", LANG=locale)


def test_an_unknown_language_gets_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lessons", "--lang", "fr"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("dltutor: There is no translation into 'fr'.")
    assert "zh (中文)" in said


def test_a_language_that_is_left_out_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["lessons", "--lang"])
    assert caught.value.code == 2
    assert "--lang" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["lessons", "--help"], ["data", "--help"]])
def test_help_shows_the_option(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(words)
    assert "--lang CODE" in capsys.readouterr().out


def test_help_speaks_the_language() -> None:
    text = started("--help", "--lang", "zh")
    assert "深度学习基础" in text
    assert "列出所有课" in text
    assert "usage" not in text


def test_the_list_marks_what_is_in_english_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lessons", "--lang", "zh"]) == 0
    rows = {row.split()[0]: row for row in capsys.readouterr().out.splitlines() if "/" in row}
    assert "(en)" in rows["backprop/deltas"]
    assert "(en)" not in rows["backprop/worked-example"]


def test_a_lesson_is_shown_in_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "backprop/worked-example", "--lang", "zh"]) == 0
    assert "手算一个网络" in capsys.readouterr().out
    assert main(["show", "backprop/deltas", "--lang", "zh"]) == 0
    assert "每个神经元的误差项" in capsys.readouterr().out, "its title; its text is English"


def test_a_stored_setting_is_read_without_opening_the_progress() -> None:
    assert stored_setting("language") is None
    progress = Progress()
    progress.remember("language", "zh")
    path = progress.path
    assert stored_setting("language") == "zh", "beside a tutor that is open"
    progress.close()
    assert stored_setting("theme") is None
    path.write_bytes(b"no database" * 99)
    before = path.read_bytes()
    assert stored_setting("language") is None
    assert path.read_bytes() == before
