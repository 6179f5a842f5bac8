"""The report as one HTML file that asks for nothing else: a page of its own, with the figures as data in it."""

import html
from base64 import b64encode
from hashlib import sha256
from importlib import resources

import msgspec

from ssg.budget.report.packing import pack_report
from ssg.budget.sentences import summary_of
from ssg.budget.values import BudgetReport

# The parts of one module, in their order.
_SCRIPT = ("figures.js", "overview.js", "detail.js", "report.js")


def render_html(report: BudgetReport) -> str:
    """Give a whole HTML document with its style, its script and the figures in it, for `file:` and for any server.

    Its own policy (CSP Level 3) allows the style and the script by their hashes and forbids all else, so that it
    provably fetches nothing. It is 40 kB; a page adds 100 to 150 bytes, and the worst thousand about 300 more each.
    """
    style, script = _part("report.css"), "\n".join(map(_part, _SCRIPT))
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    # The data is last: what stands in it is never taken for a place to fill.
    places = {
        "@policy@": html.escape(policy),
        "@summary@": html.escape(summary_of(report)),
        "@style@": style,
        "@script@": script,
        "@data@": _data(report),
    }
    text = _part("report.html")
    for place, part in places.items():
        text = text.replace(place, part, 1)
    return text


def _part(name: str) -> str:
    return resources.files("ssg.budget.report").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _data(report: BudgetReport) -> str:
    """Give the figures as JSON that ends no script element: `<` is written as an escape (HTML, section 4.12.1.3)."""
    return msgspec.json.encode(pack_report(report)).decode().replace("<", r"\u003c")
