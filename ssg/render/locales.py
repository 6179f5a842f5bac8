"""How languages write dates and count: the Unicode CLDR, as Babel has it."""

import functools
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime

_LENGTHS = ("short", "medium", "long", "full")
_LAST = "en"


def localized(moment: date, length: str, language: str) -> str:
    """Give a date as a language writes it: `short`, `medium`, `long` or `full`, or by a pattern of Unicode's.

    The forms are those of the Unicode CLDR, as Babel has them.
    """
    if length in _LENGTHS:
        return str(format_date(moment, length, locale=_locale(language)))
    return str(format_datetime(moment, length, tzinfo=None, locale=_locale(language)))


def language_name(language: str) -> str:
    """Give what a language calls itself, with a capital: `Français`."""
    name = _locale(language).get_display_name() if _known(language) else language
    return name[:1].upper() + name[1:] if name else language


@functools.cache
def _locale(language: str) -> Locale:
    """Give the rules of a language; English ones for a language that Unicode's data does not have."""
    return Locale.parse(language if _known(language) else _LAST, sep="-")


@functools.cache
def _known(language: str) -> bool:
    try:
        Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def plural_form(language: str, count: float) -> str:
    """Give the plural category of a number: `one`, `other`, and what else the language has."""
    return str(_locale(language).plural_form(count))


def written_dates(language: str) -> str:
    """Give a text with all characters that dates may have in a language, and what the language calls itself."""
    days = [date(2026, month, day) for month in range(1, 13) for day in range(1, 8)]
    dates = (localized(one, length, language) for one in days for length in _LENGTHS)
    return "".join((language_name(language), *dates))
