"""Scripts in fewer bytes; modules import published names."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.assets import Options, Text, Tools, pack_texts
from ssg.scanning import scan, shortened, specifiers
from tests.assets.test_sheets import packed
from tests.site_test import SiteTest


@pytest.mark.parametrize(
    ("text", "found", "module"),
    [
        ("import './a.js'", ["./a.js"], True),
        ("import a, {b as c} from './a.js'", ["./a.js"], True),
        ("import * as a from\n'./a.js';import'./b.js'", ["./a.js", "./b.js"], True),
        ("export * from './a.js'; export {x} from './b.js'", ["./a.js", "./b.js"], True),
        ("export {x}\nlet y = './no.js'", [], True),
        ("export const x = './no.js'", [], True),
        ("export default function () { return './no.js' }", [], True),
        ("import a from './a.js' with { type: 'json' }", ["./a.js"], True),
        ("const a = await import('./a.js')", ["./a.js"], False),
        ("`${await import('./a.js')}`", ["./a.js"], False),
        ("import(name); import('./a' + b)", [], False),
        ("new URL('./a.png', import.meta.url); new URL('./b.png', base)", ["./a.png"], True),
        ("x.import('./no.js'); o = {import: './no.js'}", [], False),
        ("/* import './no.js' */ // import './no.js'\n'import \"./no.js\"'; /import '.no.js'/", [], False),
        ("a = b / c; import './a.js' // /", ["./a.js"], True),
        ("if (x) /'/.test(y); import './a.js'", ["./a.js"], True),
        ("a = [/[/']/, `'`]; import './a.js'", ["./a.js"], True),
    ],
)
def test_what_a_script_imports(text: str, found: list[str], module: bool) -> None:
    named, is_module = specifiers(list(scan(text)))
    assert [one.url for one in named] == found
    assert is_module is module
    again, still = specifiers(list(scan(shortened(list(scan(text))))))
    assert [one.url for one in again] == found
    assert still is module


@given(st.text(alphabet="`${}'\"/*\\\n a=()[];.1", max_size=40))
def test_tokens_are_the_whole_text(text: str) -> None:
    assert "".join(token.text for token in scan(text)) == text


def test_modules_import_published_names() -> None:
    files = {
        "app.js": "import { a } from './lib/a.js';\n// words\nexport  const  b = () => import('./late.js');",
        "lib/a.js": "import 'react';\nexport const a = new URL('../i.png', import.meta.url);",
        "late.js": "export {}",
    }
    found = packed(files, known={"/assets/i.png": "/assets/i.0.png"})
    assert 'new URL("/assets/i.0.png", import.meta.url)' in found["lib/a.js"]
    assert "import 'react'" in found["lib/a.js"]
    assert "./lib/a.js" not in found["app.js"]
    assert "./late.js" not in found["app.js"]
    assert found["said"] == ""


def test_modules_that_import_each_other(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").write("assets/a.js", "import './b.js'; export const a = 1;")
    site.write("assets/b.js", "import './a.js'; export const b = 1;").built()
    first = site.asset("a.js"), site.asset("b.js")
    assert site.packed("a.js").startswith(f'import "/{first[1]}"')
    assert site.packed("b.js").startswith(f'import "/{first[0]}"')
    site.write("assets/b.js", "import './a.js'; export const b = 2;").built()
    assert site.asset("a.js") != first[0]
    assert site.asset("b.js") != first[1]


def test_modules_that_import_each_other_have_other_names_where_their_bytes_differ() -> None:
    files = {"a.js": "import './b.js'", "b.js": "import './a.js'"}
    texts = [Text(f"/assets/{name}", name, text.encode()) for name, text in files.items()]
    places = [Options(), Options("/docs"), Options("", "https://c.org")]
    made = [pack_texts(texts, {}, place, Tools(str)).packed for place in places]
    named = {(one.asset.url, one.body) for packed in made for one in packed}
    assert len(named) == len({url for url, _ in named}) == 6


def test_an_import_that_leads_nowhere_is_told(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").write("assets/a.js", "let x;\nimport './bb.js';").write("assets/b.js", "")
    site.built()
    assert 'assets/a.js:2: warning: "./bb.js" leads to no file; did you mean "/assets/b.js"?' in site.said()


def test_a_classic_script_is_minified_and_a_wrong_one_published_as_it_is(site: SiteTest) -> None:
    site.write("content/a.md", "# A\n").write("assets/a.js", "/* x */ function f ( name ) { return name + 1 }")
    site.write("assets/wrong.js", "function (").built()
    assert len(site.packed("a.js")) < 35
    assert "f(" in site.packed("a.js")
    assert site.packed("wrong.js") == "function ("
    assert "assets/wrong.js:1: warning: the script cannot be read: " in site.said()


def test_bundles(site: SiteTest) -> None:
    site.write(
        "site.toml", '[bundles.css]\napp = ["b.css", "a.css"]\n[bundles.js]\napp = ["a.js", "b.js"]\nmain = ["m.js"]\n'
    )
    site.write("content/a.md", "# A\n").write("assets/a.css", "a { color: red }").write("assets/b.css", "b { top: 0 }")
    site.write("assets/a.js", "var a = 1 // one").write("assets/b.js", "(function () { a = 2 })()")
    site.write("assets/m.js", "import './n.js'").write("assets/n.js", "import './o.js'").write(
        "assets/o.js", "export {}"
    )
    site.write(
        "templates/page.html",
        "{{ css_bundle('app') }} {{ js_bundle('app') }} {{ js_bundle('main') }} {{ js_bundle('main').modules | join(' ') }}",
    )
    site.built()
    css, js, main, *modules = (one.lstrip("/") for one in site.text("a/index.html").split())
    assert site.text(css) == "b{top:0}a{color:red}"
    assert site.text(js).startswith("var a=1;")
    assert main == site.asset("m.js")
    assert modules == [site.asset("n.js"), site.asset("o.js")]
    site.write("assets/o.js", "export const o = 1").built()
    assert site.rendered() == {"/a/"}


def test_a_shortened_module_does_the_same(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    text = "// a\nexport const a = 1\n/* b */\nconst r = /[/'\"]/g, t = `x ${ `y // ${1 / 2}` } z`\nconsole.log(a, t, 4 / 2 /1)\n"
    (tmp_path / "a.mjs").write_text(text)
    (tmp_path / "b.mjs").write_text(shortened(list(scan(text))))
    one, two = (
        subprocess.run([node, tmp_path / name], capture_output=True, check=True).stdout for name in ("a.mjs", "b.mjs")
    )
    assert one == two
