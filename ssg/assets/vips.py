"""libvips, set up so that equal images give equal bytes and memory stays small."""

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
