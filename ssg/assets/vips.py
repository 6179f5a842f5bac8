"""libvips, set up so that equal images give equal bytes and memory stays small."""

import functools
import os
from types import ModuleType


def library() -> ModuleType:
    """Give the module `pyvips`, loaded when the first image asks for it.

    AVIF is cut into as many tiles as there are threads, so one thread is what gives the same bytes on every machine; a
    build works on several images at once instead. Operations are not remembered, as that would hold whole images.
    """
    import pyvips  # noqa: PLC0415 - for sites with images

    pyvips.concurrency_set(1)
    pyvips.cache_set_max(0)
    module: ModuleType = pyvips
    return module


def encoder() -> ModuleType:
    """Give the module for work on pixels, which libvips does in threads of its own.

    Raises:
        RuntimeError: the process that this one was forked from did such work. The threads that did it are not here,
            and libvips would wait for them for ever.
    """
    if _first_process() != os.getpid():
        raise RuntimeError("images were encoded before this process was forked: encode them in worker processes alone")
    return library()


def forked_late() -> bool:
    """Tell whether this process was forked from one that did work on pixels, and so must not do it itself."""
    return _first_process.cache_info().currsize > 0 and _first_process() != os.getpid()


@functools.cache
def _first_process() -> int:
    """Give the process that first asked; one that is forked from it remembers its answer."""
    return os.getpid()
