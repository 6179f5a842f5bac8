"""Figures in words, the same wherever they stand."""

from ssg.budget.values import BYTES

_UNITS = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"))
_SECOND = 1_000


def shown_figure(found: float, unit: str) -> str:
    """Give a figure for reading: bytes with three digits in units of 1,000, times in s from one second on.

    Anything else is as it is, with its unit.
    """
    if unit == "ms":
        return f"{found / _SECOND:.3g} s" if abs(found) >= _SECOND else f"{found:.0f} ms"
    if unit != BYTES:
        text = f"{found:,.0f}" if found == int(found) else f"{found:,.3g}"
        return f"{text} {unit}".rstrip()
    for size, name in _UNITS:
        if abs(found) >= size:
            scaled = found / size
            return f"{scaled:.3g} {name}" if abs(scaled) < 1000 else f"{scaled:,.0f} {name}"  # noqa: PLR2004 - digits
    return f"{found:,.0f} B"


def compared(found: float, limit: float, unit: str) -> tuple[str, str]:
    """Give a figure and its limit for reading; sizes that read the same, as `14 kB`, in bytes."""
    one, other = shown_figure(found, unit), shown_figure(limit, unit)
    if one == other and unit == "bytes":
        return f"{found:,.0f} bytes", f"{limit:,.0f} bytes"
    return one, other


def listed(names: list[str], *, most: int = 3) -> str:
    """Give names as a list in a sentence: `a, b and 4 more`."""
    if len(names) > most + 1:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
