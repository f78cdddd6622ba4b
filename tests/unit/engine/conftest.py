"""A small image set, and a mirror that serves it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.idx import SmallSet
from tests.mirror import Mirror, mirror_of


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> SmallSet:
    return SmallSet.make().register(monkeypatch)


@pytest.fixture
def mirror(small: SmallSet, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    with mirror_of(small, monkeypatch) as mirror:
        yield mirror
