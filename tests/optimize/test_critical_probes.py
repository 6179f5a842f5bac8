"""One rule each, which may apply to one small page: all are in its critical part but what a script alone can tell."""

import pytest
import turbohtml

from ssg.optimize.critical.compile import compile_sheet
from ssg.optimize.critical.select import select, signature
from ssg.optimize.critical.tokens import tokens_of

PAGE = """<!doctype html><html lang=en><head><title>t</title><script>
try { document.documentElement.dataset.theme = localStorage.theme; root.classList.add('js-on') } catch (e) {}
</script></head><body class="home Wide">
<header id=top><nav aria-label=Main><a href="/x" class="link is-on">x</a></nav></header>
<main><h1>h</h1><h2 class=q>h</h2><p>one</p><div class="card md:wide w-1/2"><p>two</p><img src=/a.png alt=a></div>
<svg viewBox="0 0 1 1"><linearGradient id=g></linearGradient><a xlink:href="#g"></a></svg>
<details><summary>s</summary>d</details><dialog>d</dialog><input type="CHECKBOX"><input disabled>
<ul><li>1<li>2</ul><button popovertarget=pop>b</button><div id=pop popover>p</div>
<table><tr><td>1</table><noscript><em class=plain>n</em></noscript><template><b class=later>t</b></template>
<p style="animation: fade 1s; font-family: Quill">styled</p></main></body></html>"""

KEPT = [
    # names
    "p{}", "P{}", "*{}", "#top{}", ".card{}", ".card.card{}", ".home .card{}", "body>main{}", "html{}", ":root{}",
    r".md\:wide{}", r".w-1\/2{}", ".Wide{}", "tbody td{}", "linearGradient{}", "svg [viewBox]{}",
    "@namespace svg url(http://www.w3.org/2000/svg);svg|a{}", "*|a{}", "[*|href]{}",
    # attributes
    "[href]{}", "input[type=checkbox]{}", 'a[href^="/" i]{}', "[aria-label]{}", "[lang|=en]{}",
    # functions
    ":is(h1,h2){}", ":where(.none,.card) p{}", ":not(.x){}", ":root:has(.card){}", ".card :is(p,h2):not(.q)+img{}",
    ":is(.none,:is(h1,.gone)){}", "main:has(>.card){}", "h1:has(+h2){}", ":nth-child(2 of .card){}",
    ":-webkit-any(h1,.no){}", "li:nth-child(2n+1){}", ":not(:is(.a,.b)){}", ":lang(en) p{}",
    # nesting
    ".card{& p{}}", ".card{p{}}", ".card{&:hover{}}", ".none{.card :not(&){color:red}}",
    ".none{:is(&,.card){color:red}}",
    ".card{@media (min-width:1px){color:red}}",
    # conditions
    "@media print{p{}}", "@supports (display:grid){.card{}}", "@container (width>1px){.card{}}",
    "@layer one{.card{}}", "@scope(.card){:scope{}}", "@scope(.card) to (img){p{}}", "@starting-style{dialog{}}",
    "@media screen{@layer one{@supports (x:y){.card{}}}}",
    # states, pseudo-elements
    "a:hover{}", "::selection{}", "p::before{}", "dialog::backdrop{}", ":target{}", "details[open]>summary{}",
    "[popover]:popover-open{}", "input:checked{}", "::view-transition-old(root){}", "input[disabled]{}",
    # what is not there yet
    ".plain{}", ".later{}", "[data-theme=dark] p{}", "html.js-on .card{}",
    # by name
    "@font-face{font-family:Quill;src:url(/q)}", "@keyframes fade{to{opacity:0}}",
    # by the word of the law
    '@property --a{syntax:"*";inherits:false}', "@page{margin:1in}", "@counter-style c{system:cyclic;symbols:x}",
    "@view-transition{navigation:auto}", "@font-palette-values --p{font-family:Quill}", "@position-try --t{top:0}",
    # not understood
    "p /deep/ .x{}", ".1x{}", "@unknown x{.none{}}",
]  # fmt: skip
LEFT_OUT = [
    ".none{}", "#none{}", "nope{}", "[data-none]{}", ".card .none{}", ".none>p{}", ":is(.none,.gone){}",
    ".card:has(.none){}", ".none{& p{}}", ".none{p{}}", "@media print{.none{}}", "@font-face{font-family:Other}",
    "@keyframes other{}", ".card:where(.none){}", "p+nope{}", ".none::before{}", "html.dark-mode-by-a-third .none{}",
]  # fmt: skip


def critical(css: str) -> str:
    sheet = compile_sheet(css)
    return select(sheet, signature(sheet, tokens_of(turbohtml.parse(PAGE, positions=False))))


@pytest.mark.parametrize("probe", KEPT)
def test_a_rule_that_may_apply_is_kept(probe: str) -> None:
    marked = probe.replace("{}", "{color:red}")
    assert critical(marked).endswith(marked.partition(";")[2] if "@namespace" in marked else marked)


@pytest.mark.parametrize("probe", LEFT_OUT)
def test_a_rule_that_cannot_apply_is_left_out(probe: str) -> None:
    assert critical(f"{probe.replace('{}', '{color:red}')}p{{margin:0}}") == "p{margin:0}"


def test_only_a_script_of_another_can_tell_a_class() -> None:
    css = "html.set-by-a-stranger .card{color:red}"
    sheet, tree = compile_sheet(css), turbohtml.parse(PAGE, positions=False)
    assert select(sheet, signature(sheet, tokens_of(tree))) == ""
    assert select(sheet, signature(sheet, tokens_of(tree, safelist=["set-by-a-stranger"]))) == css
    assert select(sheet, signature(sheet, tokens_of(tree, scripts=["x('set-by-a-'+s)"]))) == css
    assert select(sheet, signature(sheet, tokens_of(tree, scripts=["x('.set-by-a-stranger')"]))) == css
