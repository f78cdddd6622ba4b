"""Why the system refuses a file, in words: an `OSError` says "[Errno 28] …: '/a/path'"."""

from __future__ import annotations

import errno
from collections.abc import Mapping

from engine.language import _

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_REASONS: Mapping[int, str] = {
    errno.ENOSPC: _("the disk is full"),
    errno.EDQUOT: _("you may use no more space on that disk"),
    errno.EFBIG: _("the file is too large for that disk"),
    errno.EACCES: _("you have no permission"),
    errno.EPERM: _("you have no permission"),
    errno.EROFS: _("that disk is read-only"),
    errno.ENOENT: _("there is no such file or folder"),
    errno.EEXIST: _("something else has that name"),
    errno.ENOTDIR: _("a file stands where a folder should be"),
    errno.EISDIR: _("a folder stands where a file should be"),
    errno.ENAMETOOLONG: _("the name is too long"),
    errno.ELOOP: _("its links lead round in a circle"),
    errno.EIO: _("the disk reports a fault"),
    errno.EMFILE: _("too many files are open"),
    errno.ENFILE: _("too many files are open"),
}


def reason(error: BaseException) -> str:
    """Why, to follow a colon: the disk is full. What is unknown here is said as the system does."""
    if not isinstance(error, OSError):
        return str(error) or type(error).__name__
    known = _REASONS.get(error.errno or 0)
    return known or error.strerror or str(error) or type(error).__name__


def is_full(error: OSError) -> bool:
    """Whether there is no room left."""
    return error.errno in _FULL


def is_forbidden(error: OSError) -> bool:
    """Whether the rights are missing."""
    return error.errno in _FORBIDDEN
