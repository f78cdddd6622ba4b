"""The long versions of these tests: `python -m tests.faults.long WHAT …`.

`WHAT` is answering, fetching, hashes, kills, trainings, keys, sizes, signals or watch.

They run for minutes to hours, in a home of their own, and print what they tried and what was lost.
"""

from __future__ import annotations

import os
import sys
import tempfile
from importlib import import_module

WHAT = {
    "answering": "tests.faults.answering",
    "fetching": "tests.faults.fetching",
    "hashes": "tests.faults.hashes",
    "kills": "tests.faults.kills",
    "trainings": "tests.faults.kills:main_trainings",
    "keys": "tests.faults.keys",
    "sizes": "tests.faults.keys:main_sizes",
    "signals": "tests.faults.signals",
    "watch": "tests.faults.watch",
}


def main(words: list[str]) -> int:
    """Run what the first word says, with the other words."""
    if not words or words[0] not in WHAT:
        print(f"Say what to run: {', '.join(WHAT)}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="dltutor-faults-", ignore_cleanup_errors=True) as home:
        os.environ["HOME"] = home
        for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            os.environ.pop(name, None)
        os.environ["DLTUTOR_LANG"] = "en"
        module, _, function = WHAT[words[0]].partition(":")
        run = getattr(import_module(module), function or "main")
        status: int = run(words[1:])
        return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
