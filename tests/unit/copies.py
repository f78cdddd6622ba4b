"""A copy of the packages that a test may write to, and `dltutor` run from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def copy_packages(folder: Path) -> Path:
    """Copy engine, lessons and tui, and the settings of the tools, into a folder."""
    for package in ("engine", "lessons", "tui"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def python(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter that imports from the copy."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "XDG_DATA_HOME": str(copy / "data")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def dltutor(copy: Path, *words: str, status: int = 0) -> str:
    """What `dltutor` prints, on stderr where it is to fail."""
    done = python(copy, "-m", "tui.cli", *words)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr if status else done.stdout
