"""What the system refuses: a disk, a folder, an address; told in the language spoken."""

from __future__ import annotations

import errno

from leumund.locale import N_, _

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_WORDS = {
    **dict.fromkeys(_FULL, N_("no room is left on the disk")),
    errno.EACCES: N_("you have no right to do that there"),
    errno.EPERM: N_("you have no right to do that there"),
    errno.EROFS: N_("nothing can be written on that disk"),
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EEXIST: N_("something else is there already"),
    errno.ENODEV: N_("the disk is gone"),
    errno.EISDIR: N_("this is a folder"),
    errno.ENOTDIR: N_("a part of that path is no folder"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EBUSY: N_("another program is using it"),
    errno.ETXTBSY: N_("another program is using it"),
    errno.EIO: N_("the disk reports a fault"),
    errno.EADDRINUSE: N_("another program is there already"),
    errno.EADDRNOTAVAIL: N_("this computer has no such address"),
}


def is_full(error: OSError) -> bool:
    """Whether it says that the disk, or what one may use of it, is full."""
    return error.errno in _FULL


def is_outside(error: BaseException) -> bool:
    """Whether it is the disk that refuses, wherever that shows: no fault of the program."""
    return isinstance(error, OSError) and (
        is_full(error) or error.errno in {errno.EIO, errno.EROFS, errno.ENODEV}
    )


def reason(error: OSError) -> str:
    """What the system says is wrong, in the language spoken; systems say it in English alone."""
    words = _WORDS.get(error.errno) if error.errno is not None else None
    return _(words) if words else error.strerror or str(error)
