"""Figures with the bars that they are held against, as lines of a table."""

from typing import NamedTuple

HEADS = f"{'pages':>7}  {'what':<24} {'measured':<56} {'bar':<26}"


class Figure(NamedTuple):
    """What was measured at a number of pages, its bar in words and whether it is met; both only where there is one."""

    pages: int
    what: str
    measured: str
    bar: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        verdict = {True: "met", False: "MISSED", None: ""}[self.met]
        return f"{self.pages:>7,}  {self.what:<24} {self.measured:<56} {self.bar:<26} {verdict}".rstrip()


def held(pages: int, bars: dict[int, float], value: float, words: str) -> tuple[str, bool | None]:
    """Hold a value against the bar for a number of pages; `words` say the bar, with a place for it."""
    if pages not in bars:
        return "", None
    return words.format(bars[pages]), value <= bars[pages]
