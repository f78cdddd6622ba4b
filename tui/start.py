"""Where `dltutor` begins: it says its version at once, and leaves all else to `tui.cli`."""

from __future__ import annotations

import sys

from engine.version import VERSION


def main() -> int:
    """Run `dltutor`; the exit status."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        try:
            print(f"dltutor {VERSION}", flush=True)
        except OSError as error:  # a full disk, or a pipe whose reader has left, which is no fault
            from tui.streams import silence

            silence(sys.stdout)
            return 0 if isinstance(error, BrokenPipeError) else 1
        return 0
    try:
        from tui.cli import main as run
    except KeyboardInterrupt:
        return 130
    return run()
