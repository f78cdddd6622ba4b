"""The catalogues of texts: compiled as they are written, with the placeholders of the sources."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po as babel_read_po

from engine import language
from engine.language import catalogue_file, languages
from lessons.proof import catalogue
from lessons.proof.catalogue import (
    PACKAGES,
    ROOT,
    calls,
    catalogue_of,
    placeholders,
    read_po,
    texts_in_sources,
)
from tests.cases import each, for_each

CODES = [code for code in languages() if code != "en"]
HEAD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)


@pytest.mark.parametrize("code", CODES)
def test_the_compiled_catalogue_is_the_written_one(code: str) -> None:
    with catalogue_file(code, ".po").open("rb") as file:
        written = babel_read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, written)
    assert catalogue_file(code).read_bytes() == compiled.getvalue()


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_has_no_problem(code: str) -> None:
    found = catalogue_of(code)
    assert [str(problem) for problem in found.problems] == []
    assert found.fuzzy == 0


@pytest.mark.parametrize("code", CODES)
def test_our_reader_agrees_with_babel(code: str) -> None:
    with catalogue_file(code, ".po").open("rb") as file:
        wanted = {
            message.id if isinstance(message.id, str) else message.id[0]: message.string
            for message in babel_read_po(file, locale=code)
            if message.id
        }
    found = {
        message.id: tuple(message.translations) if message.plural else message.translations[0]
        for message in read_po(catalogue_file(code, ".po"))
    }
    assert found == wanted


@pytest.mark.parametrize("package", PACKAGES)
def test_every_text_to_translate_is_a_literal(package: str) -> None:
    # They pass on what others have written.
    passing_on = {Path(language.__file__), Path(catalogue.__file__)}
    each(sorted({*(ROOT / package).rglob("*.py")} - passing_on), only_literals)


def only_literals(path: Path) -> None:
    found = calls(path)
    if not found:
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            inside = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
            names = [call.func.id for call in inside if isinstance(call.func, ast.Name)]
            assert not {"_", "plural"} & set(names), (
                f"line {node.lineno}: pybabel finds no text inside of an f-string"
            )
    wanted = {"_": 1, "plural": 2, "gettext": 1}
    for call in found:
        function = call.func
        name = function.id if isinstance(function, ast.Name) else ast.unparse(function)
        literals = call.args[: wanted.get(name, 1)]
        assert len(literals) == wanted.get(name, 1), f"line {call.lineno}"
        for text in literals:
            is_text = isinstance(text, ast.Constant) and isinstance(text.value, str)
            assert is_text, f"line {call.lineno}: {ast.unparse(text)} is no literal"


def test_texts_are_found_in_the_sources() -> None:
    texts = texts_in_sources()
    assert "English" in texts
    assert len(texts) > 1000
    assert any(texts.values()), "there are plurals"


@for_each(
    ("text", "found"),
    [
        ("none", []),
        ("{count} of {total}", ["count", "total"]),
        ("{share:.0%} and {name!r}", ["share:.0%", "name!r"]),
        ("a {{brace}}", []),
        ("{moment:%d %b}", ["moment"]),
    ],
)
def test_placeholders(text: str, found: list[str]) -> None:
    assert list(placeholders(text).elements()) == found


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of catalogues and a folder of sources that a test may write to."""
    monkeypatch.setattr(language, "CATALOGUES", tmp_path / "locale")
    folder = tmp_path / "locale" / "zh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (tmp_path / "tui").mkdir()
    (tmp_path / "tui" / "a.py").write_text(
        'a = _("{done} of {total}")\nb = plural("one line", "{count} lines", 2)\nc = _("new")\n'
    )
    return folder


def compiled(folder: Path, text: str) -> None:
    path = folder / "dltutor.po"
    path.write_text(HEAD + text, "utf-8")
    with path.open("rb") as source, (folder / "dltutor.mo").open("wb") as target:
        write_mo(target, babel_read_po(source, locale="zh"))


RIGHT = (
    'msgid "{done} of {total}"\nmsgstr "{total} 之 {done}"\n\n'
    'msgid "one line"\nmsgid_plural "{count} lines"\nmsgstr[0] "{count} 行"\n\n'
)


def test_a_catalogue_is_counted(catalogues: Path, tmp_path: Path) -> None:
    compiled(catalogues, RIGHT + '#, fuzzy\nmsgid "gone"\nmsgstr "没了"\n')
    found = catalogue_of("zh", tmp_path)
    assert (found.messages, found.translated, found.fuzzy) == (3, 2, 0)
    assert (found.missing, found.obsolete, found.problems) == (1, 1, ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{total} 之 {done}", "{total} 之 {don}"),
        ("{total} 之 {done}", "{total} 之多"),
        ("{total} 之 {done}", "{total} 之 {done"),
        ("{count} 行", "行"),
    ],
)
def test_a_changed_placeholder_is_told(
    catalogues: Path, tmp_path: Path, before: str, after: str
) -> None:
    compiled(catalogues, RIGHT.replace(before, after))
    (problem,) = catalogue_of("zh", tmp_path).problems
    assert problem.path == catalogues / "dltutor.po"
    lines = problem.path.read_text("utf-8").splitlines()
    assert lines[problem.line - 1].startswith("msgid")
    assert problem.mend


@pytest.mark.parametrize(
    "after",
    [
        RIGHT.replace("之", "中的"),
        RIGHT + 'msgid "new"\nmsgstr "新"\n',
        RIGHT.partition("\n\n")[0] + "\n",
    ],
)
def test_an_old_compiled_catalogue_is_told(catalogues: Path, tmp_path: Path, after: str) -> None:
    compiled(catalogues, RIGHT)
    (catalogues / "dltutor.po").write_text(HEAD + after, "utf-8")
    (problem,) = catalogue_of("zh", tmp_path).problems
    assert "pybabel compile" in problem.mend


def test_a_missing_compiled_catalogue_is_told(catalogues: Path, tmp_path: Path) -> None:
    compiled(catalogues, RIGHT)
    (catalogues / "dltutor.mo").unlink()
    (problem,) = catalogue_of("zh", tmp_path).problems
    assert "missing" in problem.problem


def test_a_line_that_is_none_of_a_catalogue_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    path.write_text('msgid "a"\nmsgstr b\n')
    with pytest.raises(ValueError, match="line 2"):
        read_po(path)


def test_the_package_holds_the_catalogues() -> None:
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    for suffix in ("po", "mo"):
        assert f"locale/*/LC_MESSAGES/*.{suffix}" in settings
