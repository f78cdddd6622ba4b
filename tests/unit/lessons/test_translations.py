"""A translation that differs from the English lesson in more than prose is found out.

`dltutor check --lang zh`, which `.ci/run` starts, compares and proves every translated lesson.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

import tests.in_english  # noqa: F401 - before a test speaks Chinese
from engine import language
from lessons.format import catalog as catalog_module
from lessons.format.catalog import COURSE, Catalog, _catalog
from lessons.proof.catalogue import texts_in_sources
from lessons.proof.printed import written_printed
from lessons.proof.translations import (
    Difference,
    differences,
    title_differences,
)
from tests.cases import for_each
from tui.cli import main

SLUG = "backprop/worked-example"
FOLDER = COURSE / "backprop" / "worked_example"
ENGLISH, CHINESE = FOLDER / "lesson.en.md", FOLDER / "lesson.zh.md"
STEP = CHINESE.read_text("utf-8").split("\n## ")[2]


def broken(tmp_path: Path, change: Callable[[str], str]) -> list[Difference]:
    text = CHINESE.read_text("utf-8")
    changed = change(text)
    assert changed != text
    path = tmp_path / "lesson.zh.md"
    path.write_text(changed, "utf-8")
    return list(differences(SLUG, ENGLISH, path))


def test_an_english_lesson_is_its_own_translation() -> None:
    assert list(differences(SLUG, ENGLISH, ENGLISH)) == []


def swap(before: str, after: str) -> Callable[[str], str]:
    return lambda text: text.replace(before, after, 1)


@pytest.mark.parametrize(
    ("change", "said", "at"),
    [
        (swap(f"\n## {STEP}", ""), "The step “Forward” is missing (lesson.en.md:42).", ""),
        (swap("## 损失\n", "## 空的一步\n空。\n\n## 损失\n"), "no step like “空的一步”", "## 空的"),
        (swap("$$E = \\frac12", "$$E = \\frac13"), "displayed formula is not that of", "$$E ="),
        (swap("**sigmoid** 函数 $\\sigma$", "**sigmoid** 函数"), "$\\sigma$", "每个神经元"),
        (
            swap("[0.593269992](number:out_h1)，", "[0.593269993](number:out_h1)，"),
            "missing: [0.593269992](number:out_h1); is not in the English lesson: "
            "[0.593269993](number:out_h1)",
            "- 隐藏层",
        ),
        (
            swap("[0.3775](number:z_h1)", "[0.3775](number:out_h1)"),
            "[0.3775](number:z_h1)",
            "explain",
        ),
        (
            swap("slip no-bias", "slip no-bia"),
            "Here is missing: the field slip no-bias",
            "slip no-bia",
        ),
        (swap("right option:", "option:"), "the field right option", "option: 变大"),
        (
            swap("slip uphill", "slip sign"),
            "does not have this here: the field slip sign",
            "slip sign",
        ),
        (
            swap("right: w_5^{+} = w_5 -", "right: w_5^{+} = w_5 +"),
            "field right is not that",
            "right: w_5",
        ),
        (
            swap(":: \\delta_{o1} = (\\mathrm{out}_{o1} - t_{o1})\n", "\n"),
            "slip no-derivative",
            "slip no-der",
        ),
        (swap('line "z3 ="', 'line "z2 = W"'), 'the field line "z3 ="', 'line "z2 = W"'),
        (
            swap("```lab stepper layers=2,3,2", "```lab stepper layers=2,4,2"),
            "layers=2,3,2",
            "```lab stepper layers",
        ),
        (
            swap("```predict z_h1", "```predict grad_w5"),
            "the block ```predict z_h1",
            "```predict grad_w5",
        ),
        (swap("```scope worked\n```\n\n", ""), "the block ```scope worked", "输入是"),
        (swap("传给 `sigmoid_slope` 的", "传给这个函数的"), "`sigmoid_slope`", "hint: 比较"),
        (swap("minutes: 50", "minutes: 5"), "The key 'minutes'", "minutes: 5"),
        (swap("  - ['b',", "  - ['c',"), "the symbol b", "  - ['c'"),
        (swap("---\n", ""), "no front matter", ""),
        (swap("- 隐藏层：", "隐藏层："), "an item of a list", "隐藏层："),
    ],
)
def test_a_broken_translation_is_told_by_line(
    tmp_path: Path, change: Callable[[str], str], said: str, at: str
) -> None:
    found = broken(tmp_path, change)
    assert any(said in one.problem for one in found), [str(one) for one in found]
    assert all(one.mend and str(one).startswith(f"{one.path}:{one.line}: ") for one in found)
    lines = (tmp_path / "lesson.zh.md").read_text("utf-8").splitlines()
    place = next(one.line for one in found if said in one.problem)
    assert lines[place - 1].startswith(at)


def test_formulas_may_change_their_order_inside_of_a_sentence(tmp_path: Path) -> None:
    change = swap("已知 $w_1 = 0.15$，$w_2 = 0.20$", "已知 $w_2 = 0.20$，$w_1 = 0.15$")
    assert broken(tmp_path, change) == []


def test_a_typed_number_is_no_other_one(tmp_path: Path) -> None:
    english, chinese = tmp_path / "lesson.en.md", tmp_path / "lesson.zh.md"
    head = "---\nminutes: 1\n---\n## A\n"
    english.write_text(f"{head}A table of 3 rows and two columns.\n", "utf-8")
    for text, said in (
        ("一个 4 行 2 列的表格。", ["is missing: 3; is not in the English lesson: 4, 2"]),
        ("一个 3 行 2 列的表格。", []),
        ("一个三行两列的表格。", []),
    ):
        chinese.write_text(f"{head}{text}\n", "utf-8")
        found = [one.problem for one in differences("a/b", english, chinese)]
        assert len(found) == len(said)
        assert all(part in problem for part, problem in zip(said, found, strict=True)), found


@for_each(
    ("english", "chinese", "is_same"),
    [
        ("10,000 images", "1 万张图像", True),
        ("10,000 images", "10000 张图像", True),
        ("60,000 images", "6万张图像", True),
        ("60,000 images", "7 万张图像", False),
        ("1.5 million numbers", "150 万个数", True),
        ("1.5 million numbers", "1.5 万个数", False),
        ("2 billion", "20 亿", True),
        ("a rate of -0.5", "学习率 −0.5", True),
        ("a rate of 0.50", "学习率 0.5", False),
        ("1 thousandth", "1 万分之一", False),
        ("version 1.2.3", "版本 1.2.3", True),
        ("12,34 of them", "1234 个", False),
    ],
)
def test_a_number_is_the_same_however_a_language_writes_it(
    english: str, chinese: str, is_same: bool, tmp_path: Path
) -> None:
    files = [tmp_path / f"lesson.{language}.md" for language in ("en", "zh")]
    for file, text in zip(files, (english, chinese), strict=True):
        file.write_text(f"---\nminutes: 1\n---\n## A\n{text}\n", "utf-8")
    assert (list(differences("a/b", *files)) == []) == is_same


def test_words_inside_of_formulas_are_prose(tmp_path: Path) -> None:
    texts = {"en": "if", "zh": "若"}
    for code, word in texts.items():
        text = f"---\nminutes: 1\n---\n## A\n$$x = 1 \\quad \\text{{{word} }} y$$\n"
        (tmp_path / f"lesson.{code}.md").write_text(text, "utf-8")
    files = [tmp_path / f"lesson.{code}.md" for code in texts]
    assert list(differences(SLUG, *files)) == []


def test_a_claim_keeps_its_name_and_its_digits(tmp_path: Path) -> None:
    texts = {
        "en": "[softplus of −200 is 0.0](claim:soft)",
        "zh": "[−200 处的 softplus 等于 0.0](claim:soft)",
        "bad": "[−200 处的 softplus 等于 0](claim:soft)",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(f"---\nminutes: 1\n---\n## A\n{text}\n", "utf-8")
    en, zh, bad = (tmp_path / f"{name}.md" for name in texts)
    assert list(differences(SLUG, en, zh)) == []
    (found,) = differences(SLUG, en, bad)
    assert "[−200 0.0](claim:soft)" in found.problem


def test_titles_of_the_course_are_known() -> None:
    assert list(title_differences(COURSE, "zh")) == []


def test_a_title_of_no_lesson_is_told(tmp_path: Path) -> None:
    shutil.copy(COURSE / "contents.yaml", tmp_path)
    path = tmp_path / "contents.zh.yaml"
    path.write_text("- slug: backprop\n  lessons:\n    forwrd: 网络\n", "utf-8")
    (found,) = title_differences(tmp_path, "zh")
    assert (found.line, found.problem) == (3, "The contents have no 'backprop/forwrd'.")


def test_every_title_is_translated() -> None:
    english, chinese = Catalog(COURSE), Catalog(COURSE, "zh")
    same = {e.title for e in english.entries()} & {e.title for e in chinese.entries()}
    assert same == {"FizzBuzz"}


texts_once = cache(texts_in_sources)
"""The sources stay as they are: they are read for one of these tests, not for all."""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A course of one lesson whose translation a test may break; its facts are the real ones."""
    folder = tmp_path / "backprop" / "worked_example"
    folder.mkdir(parents=True)
    shutil.copy(COURSE / "contents.yaml", tmp_path)
    for path in (ENGLISH, CHINESE):
        shutil.copy(path, folder)
    _catalog.cache_clear()
    monkeypatch.setattr(catalog_module, "COURSE", tmp_path)
    monkeypatch.setattr("lessons.proof.catalogue.texts_in_sources", texts_once)
    yield folder
    language.use("en")
    monkeypatch.undo()
    _catalog.cache_clear()


def test_the_check_of_a_language_as_json_looks_at_nothing_that_is_recorded(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # What is recorded is that of the English lesson: there, this one would fail.
    printed = written_printed(SLUG, {"programs:gone": "1.0\n"})
    (course / "printed.txt").write_text(printed, "utf-8")
    assert main(["check", "--lang", "zh", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["translation"] == []
    assert found["failed"] == 0
    assert found["passed"] > 200
    assert {check["lesson"] for check in found["checks"]} == {SLUG}
    keys = {"messages", "translated", "fuzzy", "missing", "obsolete", "problems"}
    assert set(found["catalogue"]) == keys


def test_the_check_of_a_broken_translation_fails(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = course / "lesson.zh.md"
    path.write_text(path.read_text("utf-8").replace("slip no-bias", "slip no-bia"), "utf-8")
    assert main(["check", "--lang", "zh", SLUG]) == 1
    said = capsys.readouterr()
    assert f"{path}:" in said.err
    assert "Here is missing: the field slip no-bias" in said.err
    assert "1 of 1 lessons translated" in said.out
    assert main(["check", "--lang", "zh", SLUG, "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)["translation"]
    assert all(set(row) == {"lesson", "place", "problem", "mend"} for row in rows)
    assert rows[0]["place"].startswith("lesson.zh.md:")


def test_a_number_that_is_false_in_both_languages_is_proved_false(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in course.iterdir():
        # Two steps are enough, whose proofs take a tenth of the time.
        beginning = "\n## ".join(path.read_text("utf-8").split("\n## ")[:3])
        assert "[0.3775](" in beginning
        path.write_text(f"{beginning.replace('[0.3775](', '[0.3776](')}\n", "utf-8")
    assert main(["check", "--lang", "zh", SLUG]) == 1
    said = capsys.readouterr().err
    assert "step 2: number z_h1" in said
    assert "lesson.zh.md" in said
    assert "It is 0.3775, and the text says 0.3776." in said


def test_a_lesson_that_is_not_translated_cannot_be_checked(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "lesson.zh.md").unlink()
    assert main(["check", "--lang", "zh", SLUG]) == 2
    assert "is in English only" in capsys.readouterr().err
