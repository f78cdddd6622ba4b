"""YAML, read by the fast half of PyYAML where it is installed."""

from __future__ import annotations

from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """What a YAML text holds: lists, dicts, texts and numbers. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_LOADER)
