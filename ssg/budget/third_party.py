"""What other hosts' files weigh that many pages fetch: assumed sizes, since nobody asks those hosts in a build."""

import functools
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from ssg.budget.values import Sizes

# Of the package of npm in the version behind each row: its bytes, gzip level 9, brotli level 5 as CDNs serve it. Fonts
# are not encoded again. Another version of a package counts as this one.
PACKAGES: Mapping[tuple[str, str], Sizes] = {
    ("jquery", "dist/jquery.min.js"): Sizes(87533, 30336, 29763),  # 3.7.1
    ("jquery", "dist/jquery.slim.min.js"): Sizes(70264, 24036, 23626),  # 3.7.1
    ("bootstrap", "dist/css/bootstrap.min.css"): Sizes(232803, 30858, 28250),  # 5.3.3
    ("bootstrap", "dist/js/bootstrap.bundle.min.js"): Sizes(80721, 23731, 22948),  # 5.3.3
    ("bootstrap", "dist/js/bootstrap.min.js"): Sizes(60635, 16515, 16011),  # 5.3.3
    ("@fortawesome/fontawesome-free", "css/all.min.css"): Sizes(103009, 21964, 22047),  # 6.5.2
    ("@fortawesome/fontawesome-free", "js/all.min.js"): Sizes(1489225, 541848, 460641),  # 6.5.2
    ("@fortawesome/fontawesome-free", "webfonts/fa-solid-900.woff2"): Sizes(156400),  # 6.5.2
    ("@fortawesome/fontawesome-free", "webfonts/fa-brands-400.woff2"): Sizes(117852),  # 6.5.2
    ("@fortawesome/fontawesome-free", "webfonts/fa-regular-400.woff2"): Sizes(25392),  # 6.5.2
    ("katex", "dist/katex.min.css"): Sizes(23335, 3419, 3169),  # 0.16.11
    ("katex", "dist/katex.min.js"): Sizes(275414, 75475, 70136),  # 0.16.11
    ("katex", "dist/contrib/auto-render.min.js"): Sizes(3481, 1550, 1457),  # 0.16.11
    ("mathjax", "es5/tex-mml-chtml.js"): Sizes(1173007, 264544, 233850),  # 3.2.2
    ("mathjax", "es5/tex-chtml.js"): Sizes(1160989, 262041, 231830),  # 3.2.2
    ("mathjax", "es5/tex-svg.js"): Sizes(2108580, 676356, 587131),  # 3.2.2
    ("@highlightjs/cdn-assets", "highlight.min.js"): Sizes(124980, 42107, 40628),  # 11.10.0
    ("@highlightjs/cdn-assets", "styles/default.min.css"): Sizes(1144, 561, 489),  # 11.10.0
    ("@highlightjs/cdn-assets", "styles/github.min.css"): Sizes(1309, 614, 551),  # 11.10.0
    ("prismjs", "prism.js"): Sizes(58198, 17411, 16776),  # 1.29.0
    ("prismjs", "themes/prism.min.css"): Sizes(1789, 676, 613),  # 1.29.0
    ("prismjs", "components/prism-core.min.js"): Sizes(7422, 3135, 2966),  # 1.29.0
    ("mermaid", "dist/mermaid.min.js"): Sizes(3335717, 989822, 867687),  # 10.9.1
    ("chart.js", "dist/chart.umd.js"): Sizes(205475, 69516, 66547),  # 4.4.4
    ("d3", "dist/d3.min.js"): Sizes(279706, 92459, 86907),  # 7.9.0
    ("vue", "dist/vue.global.prod.js"): Sizes(159082, 57708, 55777),  # 3.5.12
    ("react", "umd/react.production.min.js"): Sizes(10751, 4263, 4125),  # 18.3.1
    ("react-dom", "umd/react-dom.production.min.js"): Sizes(131835, 42884, 41037),  # 18.3.1
    ("alpinejs", "dist/cdn.min.js"): Sizes(44795, 16180, 15809),  # 3.14.3
    ("htmx.org", "dist/htmx.min.js"): Sizes(50387, 16168, 15772),  # 2.0.3
    ("lodash", "lodash.min.js"): Sizes(73015, 25878, 25220),  # 4.17.21
    ("normalize.css", "normalize.css"): Sizes(6138, 1737, 1557),  # 8.0.1
    ("animate.css", "animate.min.css"): Sizes(71750, 5075, 4835),  # 4.1.1
    ("swiper", "swiper-bundle.min.js"): Sizes(151701, 42014, 40147),  # 11.1.14
    ("swiper", "swiper-bundle.min.css"): Sizes(18459, 4827, 4498),  # 11.1.14
    ("leaflet", "dist/leaflet.js"): Sizes(147552, 42434, 41049),  # 1.9.4
    ("leaflet", "dist/leaflet.css"): Sizes(14806, 3522, 3320),  # 1.9.4
    ("three", "build/three.module.js"): Sizes(1272972, 256378, 233187),  # 0.160.0
    ("three", "build/three.min.js"): Sizes(669884, 166574, 153434),  # 0.160.0
    ("moment", "min/moment.min.js"): Sizes(58890, 18747, 18447),  # 2.30.1
    ("axios", "dist/axios.min.js"): Sizes(54147, 18778, 18557),  # 1.7.7
    ("bulma", "css/bulma.min.css"): Sizes(677242, 64593, 44208),  # 1.0.2
    ("@docsearch/js", "dist/umd/index.js"): Sizes(118752, 30628, 29072),  # 3.6.2
    ("@docsearch/css", "dist/style.css"): Sizes(13762, 3075, 2895),  # 3.6.2
    ("bootstrap-icons", "font/bootstrap-icons.min.css"): Sizes(85875, 13286, 12525),  # 1.11.3
    ("bootstrap-icons", "font/fonts/bootstrap-icons.woff2"): Sizes(130396),  # 1.11.3
    ("aos", "dist/aos.js"): Sizes(14690, 4696, 4429),  # 2.3.4
    ("aos", "dist/aos.css"): Sizes(26053, 2198, 1534),  # 2.3.4
    ("gsap", "dist/gsap.min.js"): Sizes(72214, 28073, 27539),  # 3.12.5
    ("lunr", "lunr.min.js"): Sizes(29510, 8398, 8222),  # 2.3.9
    ("lunr", "lunr.js"): Sizes(99804, 24849, 24154),  # 2.3.9
    ("fuse.js", "dist/fuse.min.js"): Sizes(23850, 7382, 7069),  # 7.0.0
    ("lazysizes", "lazysizes.min.js"): Sizes(7889, 3492, 3364),  # 5.3.2
    ("medium-zoom", "dist/medium-zoom.min.js"): Sizes(9637, 3099, 2884),  # 1.1.0
    ("instant.page", "instantpage.js"): Sizes(11672, 4051, 3784),  # 5.2.0
    ("@popperjs/core", "dist/umd/popper.min.js"): Sizes(20122, 7351, 7127),  # 2.11.8
    ("clipboard", "dist/clipboard.min.js"): Sizes(9160, 3216, 3047),  # 2.0.11
    ("web-vitals", "dist/web-vitals.iife.js"): Sizes(7226, 2600, 2476),  # 4.2.4
    ("plyr", "dist/plyr.min.js"): Sizes(113187, 32827, 31636),  # 3.7.8
    ("plyr", "dist/plyr.css"): Sizes(32564, 5145, 4948),  # 3.7.8
    ("video.js", "dist/video.min.js"): Sizes(666765, 194796, 183254),  # 8.18.1
    ("video.js", "dist/video-js.min.css"): Sizes(47077, 12355, 11632),  # 8.18.1
    ("asciinema-player", "dist/bundle/asciinema-player.min.js"): Sizes(187354, 73369, 69920),  # 3.8.1
    ("asciinema-player", "dist/bundle/asciinema-player.css"): Sizes(43570, 6559, 5243),  # 3.8.1
}

# Rounded up, from what these hosts have served; they change it as they like. Scripts that fetch more are not followed.
HOSTS: tuple[tuple[str, Sizes], ...] = (
    (r"www\.googletagmanager\.com/gtag/js", Sizes(420_000, 140_000, 130_000)),
    (r"www\.googletagmanager\.com/gtm\.js", Sizes(350_000, 120_000, 110_000)),
    (r"www\.google-analytics\.com/(?:analytics|ga)\.js", Sizes(54_000, 22_000, 20_000)),
    (r"fonts\.googleapis\.com/", Sizes(12_000, 1_500, 1_200)),
    (r"fonts\.gstatic\.com/.*\.woff2", Sizes(50_000)),
    (r"use\.typekit\.net/.*\.(?:css|js)", Sizes(30_000, 10_000, 9_000)),
    (r"plausible\.io/js/", Sizes(5_000, 2_500, 2_300)),
    (r"cdn\.usefathom\.com/script\.js", Sizes(7_000, 3_000, 2_700)),
    (r"gc\.zgo\.at/count\.js", Sizes(11_000, 4_500, 4_000)),
    (r"static\.cloudflareinsights\.com/beacon\.min\.js", Sizes(24_000, 9_000, 8_000)),
    (r"platform\.twitter\.com/widgets\.js", Sizes(100_000, 32_000, 30_000)),
    (r"connect\.facebook\.net/.*/(?:sdk|fbevents)\.js", Sizes(260_000, 80_000, 75_000)),
    (r"www\.youtube\.com/iframe_api", Sizes(2_000, 1_000, 900)),
    (r"www\.youtube(?:-nocookie)?\.com/embed/", Sizes(120_000, 40_000, 36_000)),
    (r"cdn\.tailwindcss\.com/", Sizes(420_000, 125_000, 115_000)),
    (r"giscus\.app/client\.js", Sizes(6_000, 2_500, 2_200)),
    (r"utteranc\.es/client\.js", Sizes(4_000, 1_800, 1_600)),
    (r"[a-z0-9-]+\.disqus\.com/(?:embed|count)\.js", Sizes(80_000, 27_000, 25_000)),
    (r"buttons\.github\.io/buttons\.js", Sizes(20_000, 7_500, 6_800)),
    (r"www\.google\.com/recaptcha/api\.js", Sizes(1_800, 1_100, 1_000)),
    (r"js\.hcaptcha\.com/1/api\.js", Sizes(400_000, 140_000, 125_000)),
    (r"challenges\.cloudflare\.com/turnstile/", Sizes(50_000, 20_000, 18_000)),
    (r"js\.stripe\.com/v3", Sizes(800_000, 220_000, 200_000)),
    (r"static\.hotjar\.com/", Sizes(15_000, 5_000, 4_500)),
    (r"img\.shields\.io/", Sizes(2_000, 1_000, 900)),
    (r"[a-z0-9.-]*gravatar\.com/avatar/", Sizes(10_000)),
)


@functools.lru_cache(maxsize=4096)
def assumed(url: str) -> Sizes | None:
    """Give what a file of another host is assumed to weigh, by its whole URL; None where nothing is known of it."""
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/") if step]
    names = {step.partition("@")[0] for step in steps if not step.startswith("@")}
    if steps:
        for (package, file), sizes in PACKAGES.items():
            base = file.rpartition("/")[2]
            if steps[-1] == base and not names.isdisjoint(_names(package)):
                return sizes
        if re.fullmatch(r"jquery-\d[\d.]*(?:\.slim)?\.min\.js", steps[-1]):
            slim = ".slim" in steps[-1]
            return PACKAGES["jquery", "dist/jquery.slim.min.js" if slim else "dist/jquery.min.js"]
    whole = f"{parts.netloc}{parts.path}"
    return next((sizes for pattern, sizes in HOSTS if re.match(pattern, whole)), None)


def _names(package: str) -> set[str]:
    """Give the names of a package that the folders of CDNs have: its own without a scope, and that of cdnjs."""
    name = package.rpartition("/")[2]
    others = {
        "fontawesome-free": "font-awesome", "cdn-assets": "highlight.js", "core": "popper.js", "katex": "KaTeX",
        "chart.js": "Chart.js", "htmx.org": "htmx", "@docsearch/js": "docsearch.js", "mathjax": "mathjax",
    }  # fmt: skip
    return {name, others.get(name, name), others.get(package, name)}
