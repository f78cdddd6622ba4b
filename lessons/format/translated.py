"""The files of a lesson in other languages."""

from __future__ import annotations

from pathlib import Path

from engine.language import ENGLISH


def english_of(path: Path) -> Path | None:
    """The English file of a translated lesson, where there is one."""
    english = path.with_name(f"lesson.{ENGLISH}.md")
    is_translation = path.name.startswith("lesson.") and path.name != english.name
    return english if is_translation and english.exists() else None
