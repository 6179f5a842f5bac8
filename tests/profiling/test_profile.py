"""A profiled build gives the same bytes, and says where the time went."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ssg.build import Choices
from ssg.config import PASSES
from ssg.profiling import Findings, find, slow, trace
from ssg.spans import Recorder, Stopwatch
from tests.site_test import SiteTest
from tests.test_sites import CASES

ANEW = Choices(cache=False)
HEAVY = "{% for i in range(60000) %}{% endfor %}"
EVERYTHING = {
    "templates/base.html": """<!doctype html><title>{{ page.title }}</title>
{% import "macros.html" as macros %}{% from "macros.html" import item with context %}
{% block nav %}<nav>{% include "nav.html" %}</nav>{% endblock %}
{% block main %}{% endblock %}{% include "gone.html" ignore missing %}
{% block foot scoped %}<footer>{{ macros.box("a") }}{{ item(1) }}{{ self.nav() }}</footer>{% endblock %}""",
    "templates/page.html": """{% extends "base.html" %}
{% block nav %}{{ super() }}{% set x = page.title %}{% include ["gone.html", "with.html"] %}{% endblock %}
{% block main %}{% from "macros.html" import box %}
{% call(n) box("c") %}<b>{{ n }}</b>{% endcall %}
{% for i in [1, 2] %}{% include "loop.html" %}{% include "nav.html" without context %}{% endfor %}
{% cache page.section %}{% include "nav.html" %}{{ site.title }}{% endcache %}
{{ page.content }}{% endblock %}""",
    "templates/section.html": '{% extends "page.html" %}{% block foot %}{{ super() }}.{% endblock %}',
    "templates/macros.html": """{% macro box(t) %}<i>{{ t }}
{% if caller is defined and caller %}{{ caller(t) }}{% endif %}</i>{% endmacro %}
{% macro item(n) %}{% if n < 4 %}{{ n }}{{ item(n + 1) }}{% endif %}{% endmacro %}""",
    "templates/nav.html": "{% for one in site.sections %}{{ one.title }}{% endfor %}{% block inside %}in{% endblock %}",
    "templates/with.html": "{{ x }}",
    "templates/loop.html": "{{ i }}{{ page.title }}",
    "templates/hooks/link.html": '<a href="{{ url }}">{{ text }}</a>',
    "templates/shortcodes/note.html": "<aside>{{ inner }}</aside>",
}


def everything(site: SiteTest, pages: int = 3) -> SiteTest:
    site.write("site.toml", '[site]\ntitle = "T"\n[content]\nshortcodes = true\n[languages.fr]\n')
    for path, text in EVERYTHING.items():
        site.write(path, text)
    for number in range(pages):
        site.write(f"content/s/p{number}.md", f"# P{number}\n\n[P0](p0.md)\n\n{{{{< note >}}}}hm{{{{< /note >}}}}\n")
    return site.write("content/s/p0.fr.md", "# Le P0\n")


def profiled(site: SiteTest, choices: Choices = ANEW, jobs: int = 1) -> Recorder:
    recorder = Recorder(time.perf_counter_ns)
    site.build(choices, jobs=jobs, timer=recorder)
    assert site.failed is None, site.said()
    return recorder


def found(recorder: Stopwatch) -> Findings:
    return find(recorder.tracks(os.getpid()))


def events(recorder: Recorder) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(trace(recorder.tracks(os.getpid())))["traceEvents"]
    return told


def nested(told: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Give each span with those around it, outermost first; fail where two cross."""
    open_: list[dict[str, Any]] = []
    for event in told:
        while open_ and open_[-1]["ts"] + open_[-1]["dur"] <= event["ts"]:
            open_.pop()
        assert not open_ or event["ts"] + event["dur"] <= open_[-1]["ts"] + open_[-1]["dur"] + 0.001
        open_.append(event)
        yield tuple(f"{one['cat']} {one['name']}" for one in open_)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_same_bytes_of_whole_sites(case: Path, tmp_path: Path) -> None:
    site = SiteTest(tmp_path / "site").copy(case)
    shutil.rmtree(site.root / "expected", ignore_errors=True)
    plain = site.built(ANEW).tree()
    profiled(site)
    assert site.tree() == plain


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_bytes_of_every_kind_of_template(site: SiteTest, jobs: int) -> None:
    plain = everything(site, pages=60).built(ANEW, jobs=jobs).tree()
    profiled(site, jobs=jobs)
    assert site.tree() == plain


def test_templates_nest_as_they_call_each_other(site: SiteTest) -> None:
    told = [one for one in events(profiled(everything(site))) if one["ph"] == "X"]
    stacks = {" > ".join(stack[2:]) for stack in nested(told) if len(stack) > 2}
    page = "page /s/p1/ > template templates/page.html"
    base = f"{page} > extends templates/base.html"
    foot = f"{base} > block templates/base.html:foot"
    for below in (
        page,
        base,
        f"{base} > block templates/page.html:nav > block templates/base.html:nav > include templates/nav.html",
        f"{base} > block templates/page.html:nav > include templates/with.html",
        f"{base} > block templates/page.html:main > macro templates/macros.html:box",
        f"{base} > block templates/page.html:main > hook templates/hooks/link.html",
        f"{base} > block templates/page.html:main > shortcode templates/shortcodes/note.html",
        f"{foot} > macro templates/macros.html:item > macro templates/macros.html:item",
        "page /s/p1/ > pass minify",
    ):
        assert below in stacks, below


def test_processes_have_tracks_of_their_own(site: SiteTest) -> None:
    for number in range(200):
        site.write(f"content/p{number}.md", f"# P{number}\n")
    told = events(profiled(site, jobs=2))
    spans = [one for one in told if one["ph"] == "X"]
    assert all(one["ts"] >= 0 and one["dur"] >= 0 and one["pid"] == one["tid"] for one in spans)
    assert min(one["ts"] for one in spans) == 0
    names = {one["pid"]: one["args"]["name"] for one in told if one["name"] == "process_name"}
    assert names[os.getpid()] == "ssg"
    assert sorted(set(names.values()) - {"ssg"}) == [f"worker {place}" for place in range(1, len(names))]
    assert len(names) >= 2
    for process in names:
        stacks = list(nested([one for one in spans if one["pid"] == process]))
        kinds = {stack[0].split()[0] for stack in stacks}
        assert kinds == ({"stage"} if process == os.getpid() else {"chunk"})
    pages = [one for one in spans if one["cat"] == "page" and one["pid"] != os.getpid()]
    assert {one["name"] for one in pages} >= {f"/p{number}/" for number in range(200)}
    assert {one["args"]["source"] for one in pages if "args" in one} >= {"content/p7.md"}
    [render] = [one for one in spans if one["cat"] == "stage" and one["name"] == "render"]
    assert all(render["ts"] <= one["ts"] <= render["ts"] + render["dur"] for one in pages)


def test_the_slowest_are_named(site: SiteTest) -> None:
    site.write("templates/page.html", '{{ page.title }}{% include "slow.html" %}')
    site.write("templates/slow.html", "{% for i in range(1000000) if page.title == 'Slow' %}{% endfor %}")
    for title in ("Slow", "Quick", "Other"):
        site.write(f"content/{title.lower()}.md", f"# {title}\n")
    findings = found(profiled(site))
    assert findings.pages[0].name == "/slow/\0content/slow.md"
    assert (findings.templates[0].kind, findings.templates[0].name) == ("include", "templates/slow.html")
    assert findings.templates[0].count == 3
    [template] = [one for one in findings.templates if one.name == "templates/page.html"]
    assert template.own < template.total
    assert sorted(one.name for one in findings.passes) == sorted({*PASSES} - {"pwa"})  # which is for apps
    said = [str(one) for one in slow(findings, 1)]
    assert said[0].startswith("content/slow.md: warning: rendering took ")
    assert said[0].endswith("; the profile shows where the time goes; the limit is 1 ms, slow in [profile]")
    assert any(one.startswith("templates/slow.html: warning: one rendering took ") for one in said)
    assert list(slow(findings, 100_000)) == []


def named(site: SiteTest, jobs: int = 1) -> dict[str, int]:
    return {one.name: one.count for one in found(profiled(site, jobs=jobs)).cacheable}


def pages_with(site: SiteTest, template: str, pages: int = 20) -> SiteTest:
    for number in range(pages):
        site.write(f"content/p{number}.md", f"# P{number}\n")
    return site.write("templates/page.html", template)


def test_what_could_be_cached_is_named(site: SiteTest) -> None:
    pages_with(site, '{% include "nav.html" %}{% include "own.html" %}{% set x = 1 %}{% include "set.html" %}')
    site.write("templates/nav.html", f'{HEAVY}{{% include "part.html" %}}').write("templates/part.html", HEAVY)
    site.write("templates/own.html", f"{HEAVY}{{{{ page.kind }}}}").write("templates/set.html", f"{HEAVY}{{{{ x }}}}")
    findings = found(profiled(site))
    [one] = findings.cacheable
    assert (one.name, one.count) == ("templates/nav.html", 20)
    [whole] = [total for total in findings.templates if total.name == "templates/nav.html"]
    assert one.saved == pytest.approx(whole.total * 19 / 20)
    assert str(one).startswith(
        "templates/nav.html was rendered 20 times with the same result: {% cache %} would save about "
    )


def test_what_says_so_can_be_cached_indeed(site: SiteTest) -> None:
    pages_with(site, '{% include "nav.html" %}')
    site.write("templates/nav.html", f"{HEAVY}{{{{ site.title }}}}")
    assert named(site) == {"templates/nav.html": 20}
    before = site.tree()
    site.write("templates/page.html", '{% cache "nav" %}{% include "nav.html" %}{% endcache %}')
    assert named(site) == {}
    assert site.tree() == before
    site.write("templates/page.html", '{% include "nav.html" %}')
    site.write("templates/nav.html", f'{HEAVY}{{% cache "nav" %}}{{{{ site.title }}}}{{% endcache %}}')
    assert named(site) == {}


def test_blocks_of_the_base_template(site: SiteTest) -> None:
    pages_with(site, '{% extends "base.html" %}{% block main %}{{ page.title }}{% endblock %}')
    site.write("templates/base.html", f"{{% block foot %}}{HEAVY}{{% endblock %}}{{% block main %}}{{% endblock %}}")
    assert named(site) == {"templates/base.html:foot": 22}  # the home page and 404.html too
    [one] = found(profiled(site)).cacheable
    assert str(one).startswith('the block "foot" of templates/base.html was rendered 22 times')


def test_what_is_included_by_a_name_worked_out_while_rendering_may_read_the_page(site: SiteTest) -> None:
    pages_with(site, '{% include "nav.html" %}')
    site.write("templates/nav.html", f'{HEAVY}{{% include site.title ~ ".html" %}}')
    site.write("templates/Test.html", "{{ page.title }}")
    assert named(site) == {}


def test_one_result_in_each_language(site: SiteTest) -> None:
    site.write("site.toml", '[site]\ntitle = "T"\n[languages.fr]\n')
    pages_with(site, '{% include "nav.html" %}').write("templates/nav.html", f"{HEAVY}{{{{ site.language }}}}")
    for number in range(20):
        site.write(f"content/p{number}.fr.md", f"# P{number}\n")
    [one] = found(profiled(site)).cacheable
    assert (one.name, one.count) == ("templates/nav.html", 40)


def test_each_process_renders_once(site: SiteTest) -> None:
    pages_with(site, '{% include "nav.html" %}', pages=100).write("templates/nav.html", HEAVY)
    assert named(site, jobs=2) == {"templates/nav.html": 100}


def test_a_warm_build_is_told_as_it_is(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ssg.cache.stamps._TICK", -1_000_000_000_000)  # files are trusted that have only just changed
    pages_with(site, "{{ page.title }}").built(Choices())
    stages = found(profiled(site, Choices())).stages
    assert [one.name for one in stages] == ["survey", "recall", "write", "budget"]
    site.write("content/p3.md", "# P3\n\nmore\n")
    findings = found(profiled(site, Choices()))
    assert {one.name.partition("\0")[0] for one in findings.pages} == {"content/p3.md", "/p3/"}
    assert "render" in {one.name for one in findings.stages}


def test_metrics_alone_time_stages_alone(site: SiteTest) -> None:
    watch = Stopwatch(time.perf_counter_ns)
    pages_with(site, "{{ page.title }}", pages=60).build(ANEW, jobs=2, timer=watch)
    [(process, spans)] = watch.tracks(os.getpid()).items()
    assert process == os.getpid()
    assert {span.kind for span in spans} == {"stage"}


def test_a_failed_page_leaves_the_trace_whole(site: SiteTest) -> None:
    pages_with(site, '{% include "nav.html" %}', pages=3)
    site.write("templates/nav.html", "{{ site.title }}{{ 1 // 0 }}")
    recorder = Recorder(time.perf_counter_ns)
    site.build(ANEW, timer=recorder)
    assert site.failed is not None
    assert "templates/nav.html:1" in site.said()
    assert recorder.innermost == ""
    list(nested([one for one in events(recorder) if one["ph"] == "X"]))
