"""The promise: after any edit, a warm build is the clean build, byte for byte, and says the same.

Random sites and random edits by Hypothesis: pages, sections, templates, hooks, shortcodes, data, assets, texts and
configuration come, change, move and go; time passes; drafts are shown and hidden; builds are killed, run two at once,
and lose parts of their store. `--edits N` sets how many edits at the least.
"""

import multiprocessing
import os
import shutil
import signal
import sqlite3
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ssg.build import Choices, Crew, Take, build, made, survey
from ssg.build.budgeting import Weighed, judge
from ssg.build.checked import Checked
from ssg.build.checking import checked_as, weigh_built
from ssg.cache import NullStore, Shelf, Spool, Stamps, stamps
from ssg.config import Overrides, load_config, override
from ssg.digests import digest
from ssg.errors import SsgError, has_errors
from ssg.model import Inputs
from ssg.output import siblings
from ssg.serve.rebuild import Rebuilder
from ssg.serve.snapshot import Asked, Snapshot
from ssg.workers import Inline
from tests.assets.test_fonts import font
from tests.render.test_functions import png
from tests.site_test import NOW, THEMES, SiteTest

STEPS = 25

FOLDERS = ("", "posts/", "posts/deep/", "guide/")
NAMES = ("a", "b", "c", "_index", "a.fr", "_index.fr", "2026-11-19-d")

PATHS = [f"content/{folder}{name}.md" for folder in FOLDERS for name in NAMES] + [
    "content/bundle/index.md",
    "content/posts/x/index.md",
]
TARGETS = (
    "a.md",
    "b.md",
    "../a.md",
    "c.md#one",
    "#two",
    "gone.md",
    "/posts/",
    "@/guide/b.md",
    "photo.svg",
    "deep/a.md#h",
    "/x.pdf",
)
TAGS = ("red", "Red", "green", "blue")

PAGE_HTML = """{% extends "base.html" %}{% block main %}<h1>{{ page.title }}</h1>{{ page.content }}
{% for e in page.toc %}{{ e.title }}{% endfor %}{{ page.words }}
{% if page.previous %}p={{ page.previous.title }}{% endif %}{% if page.next %}n={{ page.next.url }}{% endif %}
{% for t in page.terms("tags") %}{{ t.name }}{{ t.count }}{% endfor %}
{% for r in page.related(2) %}r={{ r.title }}{% endfor %}
{% for a in page.ancestors %}{{ a.title }}{% endfor %}{% for t in page.translations %}{{ t.title }}{% endfor %}{% endblock %}"""
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="%d"/></svg>'
TEMPLATES: dict[str, list[str | bytes | None]] = {
    "templates/base.html": [
        "<title>{{ site.title }}</title>{% include 'nav.html' %}{% block main %}{% endblock %}{{ config.theme.accent }}",
        "{% cache 1 %}{% include 'nav.html' %}{% endcache %}{% block main %}{% endblock %}",
        "{% set part = 'nav' ~ '.html' %}{% include part %}{% block main %}{% endblock %}{{ t('back', default=1) if 0 }}",
        "{% block main %}{% endblock %}{{ data('people') if site.menus }}{{ today() }}",
        "<!doctype html><title>{{ site.title }}</title><link rel=stylesheet href=/assets/app.css>{% block main %}{% endblock %}",
    ],
    "templates/nav.html": [
        "{% for s in site.sections %}{{ s.title }}{{ s.url }}{% endfor %}",
        "{% for p in site.pages(limit=3) %}{{ p.title }}{{ p.date }}{% endfor %}",
        "{% for s in site.sections %}{% for p in s.pages %}{{ p.title }}{{ p.words }}{% endfor %}{% endfor %}",
        "{% if 'main' in site.menus %}{% for m in menu('main') %}{{ m.name }}{{ m.url }}{% endfor %}{% endif %}",
        "nav{{ env('SSG_TEST') }}",
        "{% set a = asset_url('m.js') %}{{ a }}{{ a.integrity }}{{ a.modules }}",
        '{{ image("photo.png", "p", widths=[480]) }}',
        "{{ asset_url('app.css') }}<style>{{ inline('app.css') }}</style>",
        '<script src="/assets/app.js"></script><img src="/assets/logo.svg" srcset="/assets/logo.svg 2x"><script src="/x.js" data-load="lazy"></script>',
    ],
    "templates/page.html": [
        PAGE_HTML,
        '{% extends "base.html" %}{% block main %}{{ page.content }}{{ page.extra }}{% endblock %}',
        None,
    ],
    "templates/section.html": [
        '{% extends "base.html" %}{% block main %}{{ page.content }}{% for p in page.pages %}{{ p.title }}{{ p.summary }}{% endfor %}{% endblock %}',
        '{% extends "base.html" %}{% block main %}{% for p in page.pages %}{{ p.url }}{{ p.extra }}{% endfor %}{{ page.paginator }}{% endblock %}',
        None,
    ],
    "templates/hooks/link.html": ['<a href="{{ url }}">{{ html }}{{ page.title }}</a>', None],
    "content/posts/photo.png": [b"", png(64, 40, 0), png(900, 40, 0), None],
    "assets/photo.png": [b"", png(500, 40, 0), None],
    "templates/hooks/image.html": ['<img src="{{ url }}" alt="{{ alt }}" data-s="{{ site.title }}">', None],
    "shortcodes/note.html": [
        "<b>{{ site.title }}{{ args }}</b>",
        "<i>{{ page.title }}</i>",
        "{% include 'nav.html' %}",
    ],
    "data/people.toml": ['names = ["Ann"]\n', 'names = ["Bob", "Cy"]\n'],
    "assets/logo.svg": ['<svg width="3" height="4"/>', '<svg width="5" height="6"/>', None],
    "assets/icon.svg": [ICON % 1, ICON % 2, None],
    "assets/app.css": ["@import 'part.css' screen;a{b:url(logo.svg)}", "@import 'part.css';", "a{color:red}", None],
    "assets/f.woff2": [font(letters="abcdefŞш"), font(letters="Twon"), b"", None],
    "assets/part.css": [
        "@font-face{font-family:F;src:url(f.woff2)}h1,p{font-family:F}",
        "p{background:url('/x.pdf')}",
        "p{}@media foo bar{}",
        "@import 'app.css';q{color:blue}",
        None,
    ],
    "assets/m.js": ["import './n.js'", "export const a = new URL('logo.svg', import.meta.url)", None],
    "assets/n.js": ["import './m.js'; export {}", "var a  =  1", None],
    "assets/app.webmanifest": ['{"icons": [{"src": "logo.svg"}]}', None],
    "static/app.webmanifest": ['{"icons": [{"src": "/assets/logo.svg"}]}', None],
    "assets/app.js": ["let a = 1\n", "document.write(1)\n", None],
    "static/x.js": ["let x\n", "let y\n", None],
    "content/posts/photo.svg": ["<svg/>", None],
    "static/robots.txt": ["own\n", None],
    "static/x.pdf": ["x", None],
    "i18n/en.toml": ['back = "Back"\n', 'back = "Home"\n', None],
}
CONFIGS = [
    '[site]\ntitle = "T"\nbase_url = "https://example.org/x/"\n[pwa]\nicon = "icon.svg"\noffline = "/"\nprecache = ["/posts/*"]\n',
    '[site]\ntitle = "T"\nbase_url = "https://example.org/"\n[pwa]\nicon = "icon.svg"\nremove = true\n',
    '[site]\ntitle = "T"\nbase_url = "https://example.org/"\n',
    '[site]\ntitle = "T"\nbase_url = "https://example.org/"\n[bundles.css]\nall = ["part.css", "app.css"]\n[assets]\ncdn = "https://c.org"\n',
    '[site]\ntitle = "Other"\nbase_url = "https://example.org/"\n[content]\nshortcodes = true\npaginate = 2\n[output]\nmin_size = "60 B"\n',
    '[site]\ntitle = "T"\nbase_url = "https://example.org/x/"\n[theme.options]\naccent = "#123456"\n[content]\nshortcodes = true\n',
    '[site]\ntitle = "T"\nbase_url = "https://example.org/"\n[optimize]\nscripts = false\n[scripts]\nlazy = ["app.js"]\n[hints]\nspeculation = true\n',
    '[site]\ntitle = "T"\n[languages.fr]\ntitle = "Titre"\n[content]\ntaxonomies = ["tags", "kinds"]\n[fonts]\nsubset = true\n',
    (
        '[site]\ntitle = "T"\nbase_url = "https://example.org/"\n[menus]\nmain = [{ name = "P", url = "/posts/" }]\n[content]\n'
        'outputs = { posts = ["html", "json"] }\nllms = true\npermalinks = { guide = "/g/:slug/" }\n[output]\nmin_size = "1 B"\n'
    ),
]

heads = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["One", "Two", "<b>", "Ünï"]),
        "date": st.sampled_from(["2026-11-19", "2026-11-21", "2026-11-23", "2025-01-01"]),
        "expires": st.sampled_from(["2026-11-22"]),
        "draft": st.booleans(),
        "optimize": st.sampled_from([True, False]),
        "weight": st.integers(0, 3),
        "tags": st.lists(st.sampled_from(TAGS), max_size=3).map(lambda names: f"[{', '.join(names)}]"),
        "aliases": st.integers(0, 60).map(lambda number: f"[/old/{number}/]"),
        "description": st.sampled_from(["d1", "d2"]),
        "colour": st.sampled_from(["x", "y"]),
        "paginate": st.just(1),
        "feeds": st.just("true"),
        "outputs": st.just("[html, txt]"),
    },
)
bodies = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "Text one.",
                "Text two, longer.",
                "# One",
                "## Two",
                "```python\nx = 1\n```",
                '{{< note "k" >}}',
                "<!--more-->",
            ]
        ),
        st.sampled_from(TARGETS).map(lambda target: f"[link]({target})"),
        st.sampled_from(["![image](photo.svg)", "![image](photo.png)", "![image](/posts/photo.png)"]),
    ),
    max_size=5,
).map("\n\n".join)
pages = st.builds(
    lambda head, body: "---\n" + "".join(f"{key}: {str(value).lower() if isinstance(value, bool) else value}\n" for key, value in head.items()) + f"---\n\n{body}\n",
    heads,
    bodies,
)  # fmt: skip


class Preview:
    """A process that builds again and again, told of the files that changed as a watch would tell it."""

    origin = "http://127.0.0.1:8000"

    def __init__(self, edits: "Edits", choices: Choices) -> None:
        self.root = edits.site.root
        self.seen: dict[str, bytes] = {}
        self.rebuild = Rebuilder(
            lambda: Inputs(str(self.root), (str(THEMES),), edits.now, edits.environment), self.origin, choices
        )

    def build(self) -> Snapshot:
        there = {
            file.relative_to(self.root).as_posix(): file.read_bytes()
            for file in self.root.rglob("*")
            if file.is_file() and not {".ssg", "public"} & set(file.relative_to(self.root).parts)
        }
        changed = sorted(path for path in {*there, *self.seen} if there.get(path) != self.seen.get(path))
        self.seen = there
        return self.rebuild(Asked(tuple(changed)))


_SOME = "WHERE key IN (SELECT key FROM kept WHERE key LIKE ? ORDER BY key LIMIT 2)"
_DAMAGE = f"UPDATE kept SET value = x'00' {_SOME}"  # noqa: S608 - a constant
_LOSS = f"DELETE FROM kept {_SOME}"  # noqa: S608 - a constant


class Edits(RuleBasedStateMachine):
    """A site that is edited; after every step it is built over the store, and once more from nothing."""

    made = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="ssg-edits-"))
        self.site = SiteTest(self.folder / "site")
        self.site.encodings = ("gzip",)
        self.site.budgets = True
        self.now = NOW
        self.choices = Choices()
        self.jobs = 1
        self.environment: dict[str, str] = {}
        self.good: dict[str, bytes] = {}
        self.previews: dict[Choices, Preview] = {}
        self.weight: tuple[Weighed, Checked] | None = None

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize(
        config=st.sampled_from(CONFIGS),
        first=st.lists(st.tuples(st.sampled_from(PATHS), pages), min_size=2, max_size=12),
    )
    def begin(self, config: str, first: list[tuple[str, str]]) -> None:
        self.write("site.toml", config)
        for path, variants in TEMPLATES.items():
            self.write(path, variants[0] or b"")
        for path, text in first:
            self.write(path, text)

    def write(self, path: str, text: str | bytes) -> None:
        self.site.write(path, text)

    @rule(path=st.sampled_from(PATHS), text=pages)
    def write_page(self, path: str, text: str) -> None:
        self.write(path, text)

    @rule(data=st.data(), line=st.sampled_from(["More text.", "## Two", "[link](b.md)"]))
    def append_to_a_page(self, data: st.DataObject, line: str) -> None:
        path = data.draw(st.sampled_from(self.sources()))
        self.write(path, f"{(self.site.root / path).read_text()}\n{line}\n")

    @rule(data=st.data())
    def delete_a_page(self, data: st.DataObject) -> None:
        if len(self.sources()) > 1:
            self.site.remove(data.draw(st.sampled_from(self.sources())))

    @rule(data=st.data(), path=st.sampled_from(PATHS))
    def rename_a_page(self, data: st.DataObject, path: str) -> None:
        source = self.site.root / data.draw(st.sampled_from(self.sources()))
        (self.site.root / path).parent.mkdir(parents=True, exist_ok=True)
        source.replace(self.site.root / path)

    @rule(path=st.sampled_from(list(TEMPLATES)), data=st.data())
    def change_another_file(self, path: str, data: st.DataObject) -> None:
        text = data.draw(st.sampled_from(TEMPLATES[path]))
        if text is not None:
            self.write(path, text)
        elif (self.site.root / path).exists():
            self.site.remove(path)

    @rule(text=st.sampled_from(CONFIGS))
    def configure(self, text: str) -> None:
        self.write("site.toml", text)

    @rule(
        encodings=st.sampled_from([(), ("gzip",), ("zstd", "gzip")])
    )  # brotli does the same, and takes 100 times as long
    def encode(self, encodings: tuple[Literal["gzip", "zstd"], ...]) -> None:
        self.site.encodings = encodings

    @rule(hours=st.integers(1, 30))
    def let_time_pass(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(drafts=st.booleans(), future=st.booleans(), jobs=st.sampled_from([1, 1, 1, 2]))
    def choose(self, drafts: bool, future: bool, jobs: int) -> None:
        self.choices = Choices(drafts=drafts, future=future)
        self.jobs = jobs

    @rule(value=st.sampled_from(["1", "2", None]))
    def set_a_variable(self, value: str | None) -> None:
        self.environment = {"SSG_TEST": value} if value else {}

    @rule(kind=st.sampled_from(["blob:%", "parse:%", "render:%", "release:%", "encode-%"]), cut=st.booleans())
    def lose_a_part_of_the_store(self, kind: str, cut: bool) -> None:
        store = self.site.root / ".ssg" / "store.sqlite"
        if store.exists():
            change = _DAMAGE if cut else _LOSS
            with sqlite3.connect(store) as database:
                database.execute(change, (kind,))
            database.close()
            shutil.rmtree(self.site.public, ignore_errors=True)
            self.good = {}

    @rule(milliseconds=st.integers(1, 150))
    def kill_a_build(self, milliseconds: int) -> None:
        process = multiprocessing.get_context("fork").Process(target=self.build_apart)
        process.start()
        time.sleep(milliseconds / 1000)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()

    @rule(path=st.sampled_from(PATHS), text=pages)
    def edit_while_another_build_runs(self, path: str, text: str) -> None:
        process = multiprocessing.get_context("fork").Process(target=self.build_apart)
        process.start()
        self.write(path, text)
        self.build()
        process.join()

    def sources(self) -> list[str]:
        return [path for path in PATHS if (self.site.root / path).exists()]

    def build_apart(self) -> None:
        self.build()
        os._exit(0)

    def build(self) -> None:
        self.site.build(self.choices, jobs=self.jobs, now=self.now, environment=self.environment)

    @invariant()
    def warm_is_clean(self) -> None:
        if not (self.site.root / "site.toml").exists():
            return
        self.build()
        said = [line for line in self.site.said().splitlines() if "the store of earlier builds" not in line]
        weighed = self.weighed() if self.site.failed is None else None
        expected, clean = self.clean()
        assert said == clean
        assert weighed == self.weight
        if expected is not None:
            assert self.site.failed is None
            self.good = self.site.tree()
            assert {path: digest(body) for path, body in self.good.items()} == expected
            times = {path: (self.site.public / path).stat().st_mtime_ns for path in self.good}
            forms = [path for path in times if path.endswith((".gz", ".zst"))]
            assert not [path for path in forms if times[path] < times[path.rpartition(".")[0]]]
        elif self.good:
            assert self.site.tree() == self.good
        type(self).made += 1

    def weighed(self) -> tuple[Weighed, Checked]:
        """Give what pages weigh, over what is remembered, and what the last build has said of it."""
        config = load_config(self.site.root, Overrides(encodings=self.site.encodings))
        inputs = Inputs(str(self.site.root), (str(THEMES),), self.now, self.environment)
        _, weighed = made(inputs, config, self.choices, Crew(self.jobs), weigh_built)
        assert self.site.checked is not None
        return weighed, self.site.checked

    @invariant()
    def a_preview_is_clean(self) -> None:
        """One process builds again and again, and remembers: what it shows and says is what a clean build gives."""
        if not (self.site.root / "site.toml").exists():
            return
        preview = self.previews.get(self.choices) or Preview(self, self.choices)
        self.previews[self.choices] = preview
        snapshot = preview.build()
        expected, clean = self.clean(preview.origin)
        said = [str(one) for one in snapshot.diagnostics if one.code != "store"]
        assert said == clean
        if expected is not None:
            assert snapshot.published is not None
            assert {one.path: one.digest for one in snapshot.published.release.artifacts} == expected

    def clean(self, origin: str = "") -> tuple[dict[str, str] | None, list[str]]:
        """Give the digests of what a build from nothing gives, and what it says; a preview's is below an origin."""
        with tempfile.TemporaryDirectory(dir=self.folder) as resting:
            try:
                watched = Overrides(cdn="", images=False, encodings=(), delivery=False)
                config = load_config(self.site.root, watched if origin else Overrides(encodings=self.site.encodings))
                if origin and config.site.base_url:
                    config = override(config, Overrides(base_url=f"{origin}{config.site.base_path}/"))
                inputs = Inputs(str(self.site.root), (str(THEMES),), self.now, self.environment)
                shelf = Shelf(Spool(resting), NullStore())
                take = Take(inputs, config, self.choices, survey(inputs, config), Stamps(inputs.root, {}, 0))
                built = build(take, Inline(), shelf)
                if not origin:
                    self.weight = None
                if not origin and not has_errors(built.release.diagnostics):
                    weighed = weigh_built(built, take, Inline(), shelf)
                    self.weight = weighed, checked_as(judge(inputs.root, config, weighed))
            except SsgError as reason:
                self.weight = self.weight if origin else None
                return None, [str(one) for one in reason.diagnostics]
        said = [str(one) for one in built.release.diagnostics]
        if has_errors(built.release.diagnostics):
            return None, said
        files = (file for one in built.release.artifacts for file in (one, *siblings(one)))
        return {one.path: one.digest for one in files}, said


def test_a_warm_build_is_the_clean_build_after_any_edit(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "_TICK", 0)  # edits here are faster than those of people, on a file system with a clock
    wanted = int(pytestconfig.getoption("--edits"))
    options: dict[str, Any] = {
        "max_examples": max(1, -(-wanted // (STEPS * 2 // 3))),
        "stateful_step_count": STEPS,
        "deadline": None,
        "suppress_health_check": list(HealthCheck),
        "print_blob": True,
    }
    Edits.made = 0
    run_state_machine_as_test(Edits, settings=settings(**options))
    assert Edits.made >= wanted
