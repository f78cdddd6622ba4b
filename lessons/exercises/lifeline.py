"""The process of a learner's code ends with the program that started it, however that ended.

A loop without an end would otherwise keep a core busy for ever once the program is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading

_PR_SET_PDEATHSIG = 1


def end_with(descriptor: int) -> None:
    """End this process, and all of its group, as soon as the other end of a pipe is closed.

    `descriptor` is the reading end; nothing is ever written to the other one.
    """
    if sys.platform == "linux":
        # Also where the learner's code is inside a loop of C, which lets no other thread run.
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    threading.Thread(target=_wait, args=(descriptor,), name="lifeline", daemon=True).start()


def _wait(descriptor: int) -> None:
    try:
        os.read(descriptor, 1)
    except OSError:  # the learner's code has closed it
        return
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            os.killpg(0, signal.SIGKILL)
    os._exit(1)
