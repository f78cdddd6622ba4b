"""Why the system refuses a file, in words: an `OSError` says "[Errno 28] …: '/a/path'"."""

from __future__ import annotations

import errno


def reason(error: BaseException) -> str:
    """Why, to follow a colon: "No space left on device"; of other errors, their text."""
    told = error.strerror if isinstance(error, OSError) else None
    return told or str(error) or type(error).__name__


def is_full(error: OSError) -> bool:
    """Whether there is no room left."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def is_forbidden(error: OSError) -> bool:
    """Whether the rights are missing."""
    return error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
