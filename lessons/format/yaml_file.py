"""YAML, read by the fast half of PyYAML where it is installed."""

from __future__ import annotations

from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """What a YAML text holds: lists, dicts, texts and numbers. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_LOADER)


def why_not_yaml(error: yaml.YAMLError) -> tuple[int, str, str]:
    """The line (counted from 1), what is wrong in a sentence, and what to do."""
    mark = getattr(error, "problem_mark", None)
    reason = str(getattr(error, "problem", None) or "it cannot be read").rstrip(".")
    mend = "Indent with spaces, without tabs, and put text with a colon or a bracket in quotes."
    return (mark.line if mark else 0) + 1, f"This is not YAML: {reason}.", mend
