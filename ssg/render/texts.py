"""The words of a theme in the languages of a site: `i18n/fr.toml` and their plural forms."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ssg.config import locate, toml_mistake
from ssg.errors import Diagnostic, Location, error, nearest
from ssg.render.refs import Mistake

# The categories of Unicode's plural rules (UTS 35, part 3, section 5.1).
_FORMS = frozenset(("zero", "one", "two", "few", "many", "other"))
_VALUE = re.compile(r"\{(\w+)\}")
_LAST = "en"

Catalogue = dict[str, dict[str, dict[str, str]]]
"""Texts by language, key and plural form; a text without forms is the form `other`."""


def read_texts(folders: Sequence[tuple[Path, str]], found: list[Diagnostic]) -> Catalogue:
    """Read `LANGUAGE.toml` in these folders, each given with the path that messages show; the last one counts most.

    Mistakes are appended to `found`.
    """
    texts: Catalogue = {}
    for folder, shown in folders:
        for file in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            path = f"{shown}/{file.name}"
            try:
                text = file.read_text(encoding="utf-8-sig")
                texts.setdefault(file.stem, {}).update(_entries(text, path, found))
            except tomllib.TOMLDecodeError as reason:
                found.append(toml_mistake(path, reason))
            except (OSError, UnicodeDecodeError) as reason:
                found.append(error("unreadable", f"cannot be read: {reason}", Location(path), "make it a UTF-8 file"))
    return texts


def _entries(text: str, path: str, found: list[Diagnostic]) -> Iterator[tuple[str, dict[str, str]]]:
    for key, value in tomllib.loads(text).items():
        forms = {"other": value} if isinstance(value, str) else value
        if not isinstance(forms, dict) or not all(isinstance(form, str) for form in forms.values()):
            wrong = f'"{key}" is no text'
        elif "other" not in forms or forms.keys() - _FORMS:
            known = ", ".join(sorted(forms.keys() - _FORMS)) or 'no "other"'
            wrong = f'the plural forms of "{key}" have {known}'
        else:
            yield key, forms
            continue
        hint = 'write a text, or its plural forms, like { one = "{count} page", other = "{count} pages" }'
        found.append(error("i18n", wrong, Location(path, locate(text, (), key)), hint))  # looked for where it is needed


class Texts:
    """The texts of one language; those that it lacks come from the site's own language, and else from English."""

    def __init__(self, catalogue: Catalogue, language: str, fallback: str) -> None:
        """Take the texts of all languages, the language, and that of the site."""
        chain = (language, language.partition("-")[0], fallback, fallback.partition("-")[0], _LAST)
        self._chain = [(tag, catalogue[tag]) for tag in dict.fromkeys(chain) if tag in catalogue]

    def t(self, key: str, **values: object) -> str:
        """Give a text in the language of the page; `{name}` in it becomes a value, and `count` chooses the plural."""
        for tag, texts in self._chain:
            if key in texts:
                forms = texts[key]
                count = values.get("count")
                form = _plural(tag, count) if isinstance(count, (int, float)) else "other"
                return _VALUE.sub(lambda name: _value(key, name[1], values), forms.get(form, forms["other"]))
        known = {name for _, texts in self._chain for name in texts}
        hint = nearest(key, known) or f"write it into i18n/{self._chain[0][0] if self._chain else _LAST}.toml"
        raise Mistake(f't("{key}") finds no text', hint)


def _value(key: str, name: str, values: Mapping[str, object]) -> str:
    if name not in values:
        raise Mistake(f'the text "{key}" needs "{name}"', f't("{key}", {name}=…) gives it')
    return str(values[name])


def _plural(language: str, count: float) -> str:
    from ssg.render.locales import plural_form  # noqa: PLC0415 - 30 ms that most sites need not pay

    return plural_form(language, count)
