"""The published image sets, where they lie beside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "datasets"


def real_datasets() -> Path | None:
    """The folder with the published sets in torchvision's layout, or None where it is not there."""
    return _FOLDER if _FOLDER.is_dir() else None


needs_real_data = pytest.mark.skipif(
    real_datasets() is None, reason="the published image sets are not beside the repository"
)
"""For a check of the published data themselves; the same code is tested with small files too."""
