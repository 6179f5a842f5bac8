"""Figures in words."""

_UNITS = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"))
_SECOND = 1_000


def shown(amount: float, unit: str) -> str:
    """Give a figure for reading: sizes with three digits in units of 1,000, times in s from one second on."""
    if unit == "bytes":
        size = next(((size, name) for size, name in _UNITS if amount >= size), None)
        return f"{amount:,.0f} bytes" if size is None else f"{amount / size[0]:.3g} {size[1]}"
    if unit == "ms":
        return f"{amount / _SECOND:.3g} s" if amount >= _SECOND else f"{amount:.0f} ms"
    return f"{amount:,}"


def compared(found: float, limit: float, unit: str) -> tuple[str, str]:
    """Give a figure and its limit for reading; sizes that read the same, as `14 kB`, in bytes."""
    one, other = shown(found, unit), shown(limit, unit)
    if one == other and unit == "bytes":
        return f"{found:,.0f} bytes", f"{limit:,.0f} bytes"
    return one, other


def listed(names: list[str], *, most: int = 3) -> str:
    """Give names as a list in a sentence: `a, b and 4 more`."""
    if len(names) > most + 1:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
