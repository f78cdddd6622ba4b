"""Whether the catalogue of a language fits the sources: what is missing, and what went wrong.

Reads `.po` files as gettext and Babel write them, and the texts of the sources from their syntax
trees, so that a check needs no tool that is not there when dltutor runs.
"""

from __future__ import annotations

import ast
import gettext
import re
import string
import struct
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from engine.language import catalogue_file

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "lessons", "tui")
"""The folders whose modules hold texts for learners."""
_CALLS = ("_", "plural", "gettext")
_CALL = re.compile(rf"(?<!\w)(?:{'|'.join(_CALLS)})\(")
_LINE = re.compile(
    r"(?:(?P<key>msgid_plural|msgid|msgctxt|msgstr(?:\[\d+\])?)\s+)?(?P<text>\".*\")"
)


@dataclass(slots=True)
class Message:
    """One message of a `.po` file."""

    line: int
    """Of its msgid, counted from 1."""
    id: str = ""
    plural: str = ""
    translations: list[str] = field(default_factory=list)
    """One, or one per form of a plural; empty texts where it is not translated."""
    fuzzy: bool = False

    @property
    def translated(self) -> bool:
        """Whether it is used: translated in all its forms, and not fuzzy."""
        return bool(self.translations) and all(self.translations) and not self.fuzzy


@dataclass(frozen=True, slots=True)
class CatalogueProblem:
    """One thing that is wrong with a catalogue."""

    path: Path
    line: int
    problem: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem} {self.mend}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """How the catalogue of a language stands."""

    language: str
    messages: int
    """Texts in the sources."""
    translated: int
    fuzzy: int
    missing: int
    """Texts of the sources that the `.po` does not have yet."""
    obsolete: int
    """Messages of the `.po` that no source has."""
    problems: tuple[CatalogueProblem, ...]


def read_po(path: Path) -> list[Message]:
    """The messages of a `.po` file, without its header; raises ValueError for a line unknown."""
    found: list[Message] = []
    message, key, fuzzy = Message(0), "", False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.startswith("#,"):
            fuzzy = "fuzzy" in line
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"line {number} is not one of a .po file")
        text = str(ast.literal_eval(match["text"]))
        key = match["key"] or key
        if match["key"] == "msgid":
            message = Message(number, fuzzy=fuzzy)
            found.append(message)
            fuzzy = False
        elif match["key"] and key.startswith("msgstr"):
            message.translations.append("")
        if key == "msgid":
            message.id += text
        elif key == "msgid_plural":
            message.plural += text
        elif key.startswith("msgstr"):
            message.translations[-1] += text
    return [message for message in found if message.id]


def placeholders(text: str) -> Counter[str]:
    """The fields of `str.format` in a text, such as `count` and `share:.0%`, with their number.

    How a date is written is left to the language: `moment:%d %b` is `moment`.
    """
    found: Counter[str] = Counter()
    for _before, name, spec, conversion in string.Formatter().parse(text):
        if name is not None:
            spec = "" if spec and re.match("%[A-Za-z]", spec) else spec
            found[
                name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            ] += 1
    return found


def texts_in_sources(root: Path = ROOT) -> dict[str, str]:
    """The texts of the sources that can be translated, each with its plural or an empty text."""
    texts: dict[str, str] = {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            for call in calls(path):
                words = [word.value for word in call.args if isinstance(word, ast.Constant)]
                names = [str(word) for word in words if isinstance(word, str)]
                if names:
                    texts[names[0]] = names[1] if len(names) > 1 else ""
    return texts


def calls(path: Path) -> tuple[ast.Call, ...]:
    """The calls of `_`, `plural` and `gettext` in a module."""
    source = path.read_text("utf-8")
    return _calls_in(source, str(path)) if _CALL.search(source) else ()


@lru_cache(maxsize=512)  # for the next language, and for all else that is asked of them
def _calls_in(source: str, path: str) -> tuple[ast.Call, ...]:
    lines = [source.count("\n", 0, found.start()) + 1 for found in _CALL.finditer(source)]
    nodes = list[ast.AST]([ast.parse(source, path)])
    for node in nodes:  # as ast.walk, but past statements without any, which are most
        for child in vars(node).values():
            if isinstance(child, list):
                nodes += [one for one in child if isinstance(one, ast.AST) and _has(one, lines)]
            elif isinstance(child, ast.AST):
                nodes.append(child)
    return tuple([node for node in nodes if isinstance(node, ast.Call) and _is_meant(node.func)])


def _has(node: ast.AST, lines: list[int]) -> bool:
    """Whether one of these lines is among those of a statement; other nodes may have them."""
    if not isinstance(node, ast.stmt):
        return True
    first = min([node.lineno, *[each.lineno for each in getattr(node, "decorator_list", ())]])
    at = bisect_left(lines, first)
    return at < len(lines) and lines[at] <= (node.end_lineno or first)


def _is_meant(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else ""
    return (function.id if isinstance(function, ast.Name) else name) in _CALLS


def catalogue_of(language: str, root: Path = ROOT) -> Catalogue:
    """How the catalogue of a language stands; raises OSError or ValueError if it is broken."""
    path, compiled = catalogue_file(language, ".po"), catalogue_file(language)
    messages = read_po(path)
    texts = texts_in_sources(root)
    problems = [*_placeholder_problems(path, messages), *_compiled_problems(path, compiled)]
    known = {message.id for message in messages}
    used = [message for message in messages if message.id in texts]
    return Catalogue(
        language,
        len(texts),
        sum(message.translated for message in used),
        sum(message.fuzzy for message in used),
        len(texts.keys() - known),
        len(known - texts.keys()),
        tuple(problems),
    )


def _placeholder_problems(path: Path, messages: list[Message]) -> Iterator[CatalogueProblem]:
    """Translations that do not have the placeholders of their message."""
    for message in messages:
        if not message.translated:
            continue
        try:
            # The plural has all of them; "one line" needs no {count}.
            wanted, one = placeholders(message.plural or message.id), placeholders(message.id)
        except ValueError:
            continue  # the sources do not format it
        for number, text in enumerate(message.translations):
            may_lack = message.plural and number == 0 and len(message.translations) > 1
            try:
                found = placeholders(text)
            except ValueError as error:
                said = f"{text!r} cannot be formatted ({error})."
            else:
                if found == wanted or (may_lack and found == one):
                    continue
                said = (
                    f"The placeholders of {message.id!r} are {_written(wanted)}; "
                    f"those of the translation are {_written(found)}."
                )
            mend = "Write the same ones; their order may differ."
            yield CatalogueProblem(path, message.line, said, mend)


def _written(found: Counter[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in found.elements()) or "none"


def _compiled_problems(path: Path, compiled: Path) -> Iterator[CatalogueProblem]:
    """Whether the `.mo` holds what the `.po` says."""
    renew = f"Compile it again: pybabel compile -i {path.name} -o {compiled.name}."
    try:
        content = compiled.read_bytes()
        with compiled.open("rb") as file:
            translations = gettext.GNUTranslations(file)
    except (OSError, ValueError, struct.error):
        yield CatalogueProblem(compiled, 1, "It is missing, or cannot be read.", renew)
        return
    # Babel compiles plurals that are not translated, too.
    messages = [
        message
        for message in read_po(path)
        if message.translated or (message.plural and not message.fuzzy)
    ]
    count = struct.unpack("<I", content[8:12])[0]
    for message in messages:
        if message.plural:
            same = translations.ngettext(message.id, message.plural, 1) in message.translations
            same &= translations.ngettext(message.id, message.plural, 9) in message.translations
        else:
            same = translations.gettext(message.id) == message.translations[0]
        if not same:
            yield CatalogueProblem(
                path, message.line, f"{compiled.name} says something else here.", renew
            )
            return
    if count != len(messages) + 1:  # and the header
        yield CatalogueProblem(
            compiled, 1, f"It holds {count - 1} messages, {path.name} {len(messages)}.", renew
        )
