"""The pages of a site as rules see them."""

import tempfile

from ssg.budget.assess import Terms
from ssg.budget.check import check
from ssg.budget.values import Subject
from ssg.build import Choices
from ssg.build.contents import read_site
from ssg.build.subjects import list_subjects
from ssg.build.survey import survey
from ssg.build.take import Take
from ssg.cache import Shelf, Spool, load_stamps, open_store
from ssg.config import Overrides, load_config
from ssg.model import Inputs
from ssg.workers import Inline
from tests.budget.weighing import weights
from tests.site_test import NOW, THEMES, SiteTest


def subjects_of(site: SiteTest) -> dict[str, Subject]:
    config = load_config(site.root, Overrides())
    inputs = Inputs(str(site.root), (str(THEMES),), NOW, {})
    take = Take(inputs, config, Choices(), survey(inputs, config), load_stamps(inputs.root))
    with tempfile.TemporaryDirectory() as resting:
        ready = read_site(take, take.digests, Inline(), Shelf(Spool(resting), open_store(inputs.root, inputs.now)))
    return {one.url: one for one in list_subjects(ready.site, {"page.html", "section.html", "map.html"})}


def test_pages_lists_and_aliases_are_pages_and_feeds_are_not(site: SiteTest) -> None:
    site.write("content/maps/_index.md", "# Maps\n").write("content/maps/début.md", "# A\n")
    site.write(
        "content/maps/b.md",
        "---\ntitle: B\ntype: map\ntags: [x]\naliases: [/old/]\ntemplate: map.html\n"
        "budgets: {js: 9 kB, reason: a map}\n---\n",
    )
    site.write("templates/map.html", "{{ page.title }}")
    found = subjects_of(site)
    assert set(found) == {"/", "/maps/", "/maps/b/", "/maps/d%C3%A9but/", "/old/", "/tags/", "/tags/x/", "/404.html"}
    page = found["/maps/b/"]
    assert (page.source, page.section, page.template, page.type) == ("content/maps/b.md", "maps", "map.html", "map")
    assert (page.overrides, page.line) == ({"js": "9 kB", "reason": "a map"}, 7)
    assert (found["/maps/"].section, found["/maps/"].template) == ("maps", "section.html")
    assert found["/old/"].source == "content/maps/b.md"
    report = check([page], list(weights("/maps/b/")), Terms())
    [figure] = [one for one in report.pages[0].figures if one.key == "js"]
    assert (figure.error, figure.rule) == (9_000, "content/maps/b.md:7")
