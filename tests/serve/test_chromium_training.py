"""A training in a real browser: load the page again while it runs, go on, and download the export.

Pictures are left in $DLTUTOR_PICTURES, where that names a folder.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from tests.faults.served import Served, until
from tests.serve.chromium import Chromium, colours, program

pytestmark = [
    pytest.mark.skipif(program() is None, reason="there is no Chromium on this machine"),
    pytest.mark.timeout(300),
]


async def test_a_training_survives_a_reload_and_is_downloaded(tmp_path: Path) -> None:
    pictures = Path(os.environ.get("DLTUTOR_PICTURES") or tmp_path)
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    served = Served("--trainings", "1")
    try:
        async with Chromium(tmp_path) as at:
            await at.ask(
                "Browser.setDownloadBehavior", behavior="allow", downloadPath=str(downloads)
            )
            await at.open(f"{served.base}/")
            await at.see("A network worked by hand")
            await at.press("p", control=True)
            await at.see("find a command")
            await at.type("Train: Softmax regression from scratch")
            await at.see("classification/softmax-from-scratch")
            await at.press("Enter")
            await at.see("Start/pause")
            await at.press("Tab")  # into the first field
            await at.see("How many times the training goes through")
            await at.type("400")
            await at.see("400")
            await at.press("Escape")
            await at.see("Start/pause")
            await at.press("s")
            if await at.see("built-in glyph set", "running", seconds=90) != "running":
                await at.press("b")
                await at.see("running", seconds=90)
            # Three epochs are measured then; a fast machine may be anywhere when it is looked.
            await at.see(*(f"epoch {number}/400" for number in range(4, 400)), seconds=90)
            assert colours(await at.picture(pictures / "6-running.png")) > 1000

            # The page is loaded again: the training has left a checkpoint, and goes on from there.
            await at.open(f"{served.base}/")
            await at.see("interrupted. It can resume", seconds=60)
            await at.picture(pictures / "7-asked.png")
            await at.press("y")
            await at.see("running", seconds=90)
            assert colours(await at.picture(pictures / "8-again.png")) > 1000

            # What was measured reaches the browser as a file, and nobody's folder.
            await at.press("s")
            await at.see("paused", seconds=60)
            await at.press("e")
            await until(lambda: any(downloads.glob("softmax-*.zip")), 60)
            (packed,) = downloads.glob("softmax-*.zip")
            rows = zipfile.ZipFile(packed)
            (name,) = [each for each in rows.namelist() if each.endswith("metrics.csv")]
            measured = rows.read(name).decode().splitlines()
            assert len(measured) > 3
            await at.picture(pictures / "9-exported.png")
            assert at.complaints == []
    finally:
        served.end()
