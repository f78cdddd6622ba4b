"""What `engine.labs.reading_data` starts: it ends with the application, from its first moment on.

What reads a data set takes seconds to import; it comes after that.
"""

from __future__ import annotations

import os
import signal
import sys
import threading


def end_with_the_parent() -> None:
    """Exit once standard input closes, which happens however the application ends."""

    def wait() -> None:
        # The descriptor, not sys.stdin: a forked worker would inherit its lock, held for ever.
        while os.read(0, 1):
            pass
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)  # the workers, too
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    end_with_the_parent()
    from engine.labs.reading_pass import main

    sys.exit(main())
