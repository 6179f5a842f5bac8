"""The same pages and the same layout twice: as a site of ssg and as a site of Hugo."""

import datetime as dt
import itertools
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_HEAD = re.compile(r"\A(---|\+\+\+)\n.*?^\1\n", re.MULTILINE | re.DOTALL)
# Pages about shortcodes show some; to Hugo they would be calls.
_SHORTCODE = re.compile(r"\{\{(?=[<%])")

_SSG = {
    "base.html": """<!doctype html><html lang="{{ site.language }}"><head><meta charset="utf-8"><title>{{ page.title }} | {{ site.title }}</title>
<link rel="canonical" href="{{ page.permalink }}"></head><body><header><a href="{{ site.home.url }}">{{ site.title }}</a>
<nav><ul>{% for section in site.sections[:30] %}<li><a href="{{ section.url }}">{{ section.title }}</a></li>{% endfor %}</ul></nav></header>
<main>{% block main %}{% endblock %}</main><footer><p>{{ site.title }}</p></footer></body></html>""",
    "page.html": """{% extends "base.html" %}
{% macro contents(entries) %}<ul>{% for entry in entries %}<li><a href="#{{ entry.id }}">{{ entry.title }}</a>{% if entry.children %}{{ contents(entry.children) }}{% endif %}</li>{% endfor %}</ul>{% endmacro %}
{% block main %}<article><h1>{{ page.title }}</h1><p><time datetime="{{ page.date | date }}">{{ page.date | date }}</time></p>
<nav id="TableOfContents">{% if page.toc %}{{ contents(page.toc) }}{% endif %}</nav>
{{ page.content }}</article>
{% if page.previous %}<a rel="prev" href="{{ page.previous.url }}">{{ page.previous.title }}</a>{% endif %}
{% if page.next %}<a rel="next" href="{{ page.next.url }}">{{ page.next.title }}</a>{% endif %}{% endblock %}""",
    "section.html": """{% extends "base.html" %}{% block main %}<h1>{{ page.title }}</h1>
<ul>{% for entry in page.sections %}<li><a href="{{ entry.url }}">{{ entry.title }}</a></li>{% endfor %}
{% for entry in page.pages %}<li><a href="{{ entry.url }}">{{ entry.title }}</a> <time>{{ entry.date | date }}</time></li>{% endfor %}</ul>{% endblock %}""",
    "404.html": """{% extends "base.html" %}{% block main %}<h1>Page not found</h1>{% endblock %}""",
}

_HUGO = {
    "_default/baseof.html": """<!doctype html><html lang="{{ site.Language.Lang }}"><head><meta charset="utf-8"><title>{{ .Title }} | {{ site.Title }}</title>
<link rel="canonical" href="{{ .Permalink }}"></head><body><header><a href="{{ site.Home.RelPermalink }}">{{ site.Title }}</a>
<nav><ul>{{ range first 30 site.Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></nav></header>
<main>{{ block "main" . }}{{ end }}</main><footer><p>{{ site.Title }}</p></footer></body></html>""",
    "_default/single.html": """{{ define "main" }}<article><h1>{{ .Title }}</h1><p><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2006-01-02" }}</time></p>
{{ .TableOfContents }}
{{ .Content }}</article>
{{ with .PrevInSection }}<a rel="prev" href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ with .NextInSection }}<a rel="next" href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}""",
    "_default/list.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
<ul>{{ range .Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}
{{ if not .IsHome }}{{ range .RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> <time>{{ .Date.Format "2006-01-02" }}</time></li>{{ end }}{{ end }}</ul>{{ end }}""",
    "404.html": """{{ define "main" }}<h1>Page not found</h1>{{ end }}""",
}

_HUGO_TOML = """baseURL = "https://example.org/"
title = "Bench"
disableKinds = ["taxonomy", "term"]
enableRobotsTXT = false
[outputs]
home = ["HTML", "RSS"]
section = ["HTML"]
[markup.highlight]
noClasses = false
[markup.goldmark.renderer]
unsafe = true
[markup.tableOfContents]
startLevel = 1
endLevel = 6
"""

NOT_ENCODED = "[output]\nencodings = []\n"
# The other program has no budgets: what they add is a part of its own.
NOT_CHECKED = 'budgets = "off"\n'
"""What has a site of ssg's written without compressed forms, as Hugo's is."""

_SSG_TOML = f"""{NOT_CHECKED}[site]
title = "Bench"
base_url = "https://example.org/"
[theme]
name = "bench"
[content]
taxonomies = []
{NOT_ENCODED}"""


# What a site with much on every page adds: 300 entries of navigation, tags, related pages.
_SSG_RICH = {
    '<nav><ul>{% for section in site.sections[:30] %}<li><a href="{{ section.url }}">{{ section.title }}</a></li>{% endfor %}</ul></nav>': (
        '{% cache 1 %}<nav><ul>{% for entry in site.pages(limit=300) %}<li><a href="{{ entry.url }}">{{ entry.title }}</a></li>'
        "{% endfor %}</ul></nav>{% endcache %}"
    ),
    "{{ page.content }}</article>": (
        "{{ page.content }}<ul>{% for term in page.terms('tags') %}<li><a href=\"{{ term.url }}\">{{ term.name }}</a></li>"
        '{% endfor %}</ul><ul>{% for entry in page.related(5) %}<li><a href="{{ entry.url }}">{{ entry.title }}</a></li>'
        "{% endfor %}</ul></article>"
    ),
}
_HUGO_RICH = {
    '<nav><ul>{{ range first 30 site.Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></nav>': (
        '{{ partialCached "nav.html" . }}'
    ),
    "{{ .Content }}</article>": (
        '{{ .Content }}<ul>{{ range .GetTerms "tags" }}<li><a href="{{ .RelPermalink }}">{{ .LinkTitle }}</a></li>{{ end }}</ul>'
        '<ul>{{ range first 5 (site.RegularPages.Related .) }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></article>'
    ),
}
_HUGO_NAV = '<nav><ul>{{ range first 300 site.RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></nav>'
_TAXONOMY = {
    "ssg": '{% extends "base.html" %}{% block main %}<ul>{% for term in site.terms("tags") %}<li><a href="{{ term.url }}">{{ term.name }}</a></li>{% endfor %}</ul>{% endblock %}',
    "hugo": '{{ define "main" }}<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}',
}


# What a site with all that the optimizer is for adds: a sheet, a script that blocks and one that waits, rules for what
# comes next. Hugo's pages stay plain.
_DRESS = {
    "</head>": (
        '<link rel="stylesheet" href="{{ asset_url("style.css") }}"><script src="{{ js_bundle("app") }}"></script></head>'
    ),
    "</footer>": '</footer><script src="{{ asset_url("lazy.js") }}" data-load="lazy"></script>',
}
_DRESS_TOML = """
[bundles.js]
app = ["menu.js", "search.js"]
[hints]
speculation = true
"""
_SCRIPT = """
document.addEventListener("%s", function (event) {
  var target = event.target.closest("[data-%s]");
  if (target) { target.classList.toggle("open"); event.preventDefault(); }
});
"""
_SHEET = Path(__file__).parent.parent / "themes/default/assets/style.css"


class Sites(NamedTuple):
    """The folders of the two sites, and how many pages each has."""

    ssg: Path
    hugo: Path
    pages: int


def checked(sites: Sites) -> Sites:
    """Give the same sites, that of ssg a copy with the budgets that a site has by itself."""
    folder = sites.ssg.with_name(f"{sites.ssg.name}-checked")
    shutil.copytree(sites.ssg, folder, ignore=shutil.ignore_patterns("public", ".ssg", ".past"), dirs_exist_ok=True)
    _write(folder / "site.toml", (folder / "site.toml").read_text(encoding="utf-8").replace(NOT_CHECKED, ""))
    return sites._replace(ssg=folder)


def dress(sites: Sites) -> Sites:
    """Add to ssg's site a style sheet, a bundle of scripts and a lazy one, and rules for what is fetched ahead."""
    theme = sites.ssg / "themes/bench"
    base = theme / "templates/base.html"
    _write(base, _replaced(base.read_text(encoding="utf-8"), _DRESS))
    _write(sites.ssg / "site.toml", (sites.ssg / "site.toml").read_text(encoding="utf-8") + _DRESS_TOML)
    _write(theme / "assets/style.css", _SHEET.read_text(encoding="utf-8"))
    for name in ("menu", "search", "lazy"):
        _write(theme / f"assets/{name}.js", _SCRIPT % ("click", name))
    return sites


def make(corpus: Path, pages: int, folder: Path, *, rich: bool = False) -> Sites:
    """Write both sites below `folder`.

    Takes the folder of a corpus of Markdown files; their front matter is left out. They are repeated until there are `pages`, each
    with words of its own in every paragraph and block of code, so that nothing can be answered from a memo. `rich` adds
    tags, related pages and a navigation of 300 entries to every page.
    """
    ssg, hugo = folder / f"ssg-{pages}", folder / f"hugo-{pages}"
    _write(ssg / "site.toml", _SSG_TOML.replace("taxonomies = []", "") if rich else _SSG_TOML)
    _write(hugo / "hugo.toml", _HUGO_TOML.replace('"taxonomy", "term"', "") if rich else _HUGO_TOML)
    for name, text in _SSG.items():
        _write(ssg / "themes/bench/templates" / name, _replaced(text, _SSG_RICH if rich else {}))
    for name, text in _HUGO.items():
        _write(hugo / "layouts" / name, _replaced(text, _HUGO_RICH if rich else {}))
    if rich:
        _write(ssg / "themes/bench/templates/taxonomy.html", _TAXONOMY["ssg"])
        _write(hugo / "layouts/_default/terms.html", _TAXONOMY["hugo"])
        _write(hugo / "layouts/partials/nav.html", _HUGO_NAV)
    sources = sorted(corpus.rglob("*.md"))
    begin = dt.date(1990, 1, 1)
    for number, source in zip(range(pages), itertools.cycle(sources), strict=False):
        copy = number // len(sources)
        body = _SHORTCODE.sub("{{ ", _HEAD.sub("", source.read_text(encoding="utf-8")))
        title = next((line.lstrip("# ") for line in body.splitlines() if line.startswith("#")), source.stem)
        date = begin + dt.timedelta(days=number)
        tags = f"tags = {json.dumps([f'tag {(number * step) % 200}' for step in (1, 7, 13)])}\n" if rich else ""
        head = f"title = {json.dumps(f'{title} {copy}')}\ndate = {date}\n{tags}"
        text = f"+++\n{head}+++\n{_distinct(body, number)}"
        for site in (ssg, hugo):
            _write(site / "content" / source.parent.name / f"{source.stem}-{copy}.md", text)
    return Sites(ssg, hugo, pages)


def _replaced(text: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def _distinct(body: str, number: int) -> str:
    """Give every paragraph and every block of code a word of its own."""
    lines: list[str] = []
    fence = ""
    for place, line in enumerate(body.split("\n")):
        stripped = line.strip()
        if fence and stripped == fence:
            lines.append(f"page{number}line{place}")
            fence = ""
        elif not fence and stripped.startswith("```"):
            fence = "```"
        elif not fence and not stripped and lines and lines[-1].strip() and lines[-1][0].isalpha():
            lines[-1] += f" page{number}line{place}"
        lines.append(line)
    return "\n".join(lines)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
