"""What is wrong with a file of contents, with the line and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import yaml

from lessons.format.lesson_error import LessonError
from lessons.format.text_file import COMMANDS
from lessons.format.yaml_file import why_not_yaml

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_FORM = "Write `- slug: chapter`, then `title:` and `lessons:`, each indented by two spaces."


def read_contents(text: str, path: Path, *, complete: bool) -> list[dict[str, object]]:
    """A list of {slug, title, lessons}, with lessons as {name: title}.

    Where it need not be `complete`, titles and lessons may be missing: a translation leaves out
    what it does not translate.

    Raises:
        LessonError: the contents cannot be used.
    """
    return _Reader(path, complete).chapters(text)


class _Reader:
    """Reads one file; nodes know their lines, which loaded values do not."""

    def __init__(self, path: Path, complete: bool) -> None:
        self.path, self.complete = path, complete

    def fail(self, node: yaml.Node | None, problem: str, mend: str) -> NoReturn:
        line = node.start_mark.line + 1 if node is not None else 1
        raise LessonError(self.path, line, problem, mend) from None

    def chapters(self, text: str) -> list[dict[str, object]]:
        try:
            root = yaml.compose(text)
        except yaml.YAMLError as error:
            line, problem, mend = why_not_yaml(error)
            raise LessonError(self.path, line, problem, mend) from None
        except RecursionError:
            self.fail(None, "The brackets in this file are nested too deeply.", _FORM)
        if root is None and not self.complete:
            return []
        if not isinstance(root, yaml.SequenceNode) or not root.value:
            self.fail(root, "There is no list of chapters.", _FORM)
        found = [self.chapter(node) for node in root.value]
        slugs = [chapter["slug"] for chapter in found]
        for slug, node in zip(slugs, root.value, strict=True):
            if slugs.count(slug) > 1 and slugs.index(slug) < root.value.index(node):
                self.fail(node, f"There are two chapters {slug!r}.", "Join them, or rename one.")
        return found

    def chapter(self, node: yaml.Node) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in self.pairs(node, "chapter"):
            match str(key.value):
                case "slug":
                    found["slug"] = self.name(value, "chapter")
                case "title":
                    found["title"] = self.title(value, "The chapter")
                case "lessons":
                    found["lessons"] = {
                        self.name(name, "lesson"): self.title(title, f"The lesson {name.value!r}")
                        for name, title in self.pairs(value, "list of lessons")
                    }
                case other:
                    known = "The keys are slug, title and lessons."
                    self.fail(key, f"The key {other!r} is not known.", known)
        for wanted in ("slug", "title", "lessons") if self.complete else ("slug",):
            if wanted not in found:
                self.fail(node, f"The chapter has no {wanted!r}.", _FORM)
        return found

    def pairs(self, node: yaml.Node, what: str) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        """The keys and values of a mapping, each key once."""
        if not isinstance(node, yaml.MappingNode):
            self.fail(node, f"The {what} has no keys.", _FORM)
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                self.fail(key, f"{key.value!r} is there twice.", "Keep one of the two lines.")
            seen.add(str(key.value))
            yield key, value

    def name(self, node: yaml.Node, what: str) -> str:
        found = str(node.value)
        if not _NAME.fullmatch(found):
            mend = "Use lower-case letters, digits and single hyphens, such as chain-rule."
            self.fail(node, f"{found!r} cannot be the name of a {what}.", mend)
        return found

    def title(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip(" ~"):
            self.fail(node, f"{what} has no title.", "Write it after the colon, in quotes.")
        if COMMANDS.search(node.value) or "\n" in node.value:
            self.fail(
                node,
                f"The title {node.value!r} is no plain text.",
                "Leave out escapes and line breaks.",
            )
        return str(node.value)
