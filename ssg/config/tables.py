"""The tables of `site.toml`: every key with its type, its default and what it is for."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

from ssg.config.budgets import BudgetConfig, Rule
from ssg.config.hosts import DeliveryConfig
from ssg.config.pwa import PwaConfig
from ssg.config.targets import DeployConfig

# BCP 47, section 2.1, as far as a site needs it: fr, pt-BR, zh-Hans-CN.
_TAG = Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
# An output format, which is the ending of its files too.
_FORMATS = Annotated[tuple[Annotated[str, msgspec.Meta(pattern="^[a-z0-9]+$")], ...], msgspec.Meta(min_length=1)]
_KIND = Literal["page", "home", "section", "taxonomy", "term", "404"]
_SIZE = Annotated[str, msgspec.Meta(pattern="^[0-9]+(\\.[0-9]+)? (B|kB|MB|GB)$", description='a size like "2 GB"')]
_DAYS = Annotated[str, msgspec.Meta(pattern="^[1-9][0-9]* days?$", description='a time like "30 days"')]
_SECONDS = Annotated[str, msgspec.Meta(pattern="^[0-9]+(\\.[0-9]+)? s$", description='a time like "2 s"')]
_PERCENT = Annotated[int, msgspec.Meta(ge=1, le=100)]
_WIDTHS = tuple[Annotated[int, msgspec.Meta(ge=1)], ...]


def _bytes(size: str) -> int:
    number, unit = size.split()
    return int(float(number) * {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9}[unit])


_IDENTIFIER = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]+$")]


class SiteConfig(msgspec.Struct, frozen=True):
    """`[site]`: what the site is called and where it will live."""

    title: str = ""
    """Shown in every page's title and header."""
    base_url: str = ""
    """Where the site will be published, `https://example.org/docs/`. Sitemap and feeds need it."""
    language: str = "en"
    """The language of the content (BCP 47)."""
    description: str = ""
    """One sentence about the site, for search engines and the feed."""

    @property
    def base_path(self) -> str:
        """The path below which all URLs lie, without a final slash: `/docs`, or nothing."""
        return urlsplit(self.base_url).path.rstrip("/")


class ThemeConfig(msgspec.Struct, frozen=True):
    """`[theme]`: which theme dresses the pages."""

    name: str = "default"
    """A folder below `themes/`, or a theme that comes with ssg."""
    options: dict[str, Any] = {}
    """Settings that the theme's `theme.toml` declares; a template reads them as `config.theme`."""


class HighlightConfig(msgspec.Struct, frozen=True):
    """`[markdown.highlight]`: syntax highlighting of fenced code by Pygments."""

    enabled: bool = True
    """Give the tokens of fenced code CSS classes; the theme's style sheet colours them."""
    line_numbers: bool = False
    """Number the lines of fenced code with a language; a fence's own `linenums` goes before."""


class MarkdownConfig(msgspec.Struct, frozen=True):
    """`[markdown]`: the dialect that the pages are written in."""

    engine: Literal["commonmark", "markdown"] = "commonmark"
    """`commonmark` (CommonMark and GitHub's additions, fast) or `markdown` (Python-Markdown)."""
    extensions: tuple[str, ...] | None = None
    """Names of the engine's extensions; without the key, a sensible set."""
    extension_configs: dict[str, dict[str, Any]] = {}
    """Options by extension, for the engine `markdown`."""
    heading_ids: Literal["github", "zola"] = "github"
    """Whose rule makes the ids of headings that have none."""
    math: bool = False
    """Turn formulas between dollar signs into MathML; needs `ssg[math]`."""
    highlight: HighlightConfig = HighlightConfig()


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[content.schemas]`: what the front matter of a section's pages must hold under one key."""

    type: Literal["text", "integer", "number", "boolean", "date", "list", "table"] = "text"
    """The type of the value."""
    required: bool = False
    """Whether a page without the key is an error."""
    choices: tuple[str, ...] = ()
    """The values that are allowed; empty for all."""


class MenuEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[menus]`: lists of entries by the menu's name, `main = [{ name = "Docs", page = "docs/_index.md" }]`."""

    name: str
    """What the entry is called."""
    page: str = ""
    """The page it leads to: a file below the content folder."""
    url: str = ""
    """The URL it leads to, where that is not a page: `/tags/`, `https://example.org/`."""


class LanguageConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[languages]`: a table for every further language, `[languages.fr]`; its pages are the files `NAME.fr.md`."""

    name: str = ""
    """What the language calls itself, for a reader who looks for it; without the key, its name in Unicode's data."""
    title: str = ""
    """The title of the site in this language; without the key, that of `[site]`."""
    description: str = ""
    """The description of the site in this language; without the key, that of `[site]`."""
    menus: dict[str, tuple[MenuEntry, ...]] = {}
    """Menus in this language; those of the site where it has none of that name."""


class ExtensionConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[extensions]`: a table for every extension, `[extensions.NAME]`, in the order in which they work."""

    use: str = ""
    """`extensions/file.py:Name` or `package.module:Name`; without the key, the installed package that offers NAME."""
    options: dict[str, Any] = {}
    """What the extension is made with; it sees nothing else of this file."""


class ContentConfig(msgspec.Struct, frozen=True):
    """`[content]`: where the pages are and how they are grouped."""

    dir: str = "content"
    """The folder of the pages, below the site folder."""
    taxonomies: tuple[_IDENTIFIER, ...] = ("tags",)
    """Front matter keys by which pages are grouped."""
    permalinks: dict[str, str] = {}
    """The URL pattern of the pages in a section's folder: `posts = "/:year/:month/:slug/"`."""
    schemas: dict[str, dict[str, Field]] = {}
    """What front matter must hold, by section: `posts = { author = { type = "text", required = true } }`."""
    paginate: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """How many pages a list shows before it goes on at `page/2/`; without the key, all of them."""
    shortcodes: bool = False
    """Open shortcodes, `{{< figure src="a.png" >}}`, in the bodies of pages; a page's own `shortcodes` goes before."""
    feeds: tuple[Literal["atom", "rss", "json"], ...] = ("atom",)
    """Feed formats to publish. A section asks for feeds of its own in its front matter."""
    term_feeds: tuple[_IDENTIFIER, ...] = ()
    """Taxonomies whose terms have feeds of their own."""
    outputs: dict[str, _FORMATS | dict[_KIND, _FORMATS]] = {}
    """Formats by section, `"/" = ["html", "json"]`, or by kind, `posts = { page = ["html", "txt"] }`."""
    llms: bool = False
    """Publish `llms.txt`, which tells language models what is where."""


class HtmlConfig(msgspec.Struct, frozen=True):
    """`[html]`: what is done to the rendered HTML."""

    minifier: Literal["turbohtml", "htmlmin", "none"] = "turbohtml"
    """`turbohtml` removes what a browser does not need; `htmlmin` needs `ssg[htmlmin]`; `none` removes nothing."""
    critical_css: Literal["auto", "inline-all", "off"] = "auto"
    """What a page brings of its styles: what it uses, the rest coming later; all of them; or links alone."""
    inline_css: _SIZE = "8 kB"
    """Style sheets of so many bytes together, uncompressed, stand in the page as a whole."""
    css_safelist: tuple[str, ...] = ()
    """Words that scripts bring onto a page unseen, `"is-open"`: rules that need them count as used."""

    @property
    def inline_bytes(self) -> int:
        """`inline_css` in bytes."""
        return _bytes(self.inline_css)


class OptimizeConfig(msgspec.Struct, frozen=True):
    """`[optimize]`: which passes go over the HTML of every page; a page's own `optimize` leaves out more."""

    references: bool = True
    """Have URLs that name an asset, `/assets/logo.svg`, lead to the file that is published."""
    images: bool = True
    """Offer images in the widths and formats that there are, and have those fetched late that come late."""
    scripts: bool = True
    """Let no script hold up the first paint: `defer`, and loading later what `[scripts]` names."""
    integrity: bool = True
    """Write what scripts and style sheets hold into the page, so that a browser refuses other bytes."""
    hints: bool = True
    """Put the character encoding first, and say early what a browser would find late."""


PASSES = (*OptimizeConfig.__struct_fields__, "fonts", "critical", "pwa", "minify")
"""What a page can go without, by name."""


class ScriptsConfig(msgspec.Struct, frozen=True):
    """`[scripts]`: when scripts are loaded."""

    lazy: tuple[str, ...] = ()
    """Scripts that load when a reader first does something, or after 3 s: assets by path, others by URL."""


class HintsConfig(msgspec.Struct, frozen=True):
    """`[hints]`: what a browser is told early."""

    speculation: bool = False
    """Have a browser fetch a page of the site when a reader is about to follow a link to it."""
    preconnect: dict[str, str] = {}
    """By the host of a style sheet, `"https://a.example"`, that of its fonts; Google's fonts are known."""


class BundlesConfig(msgspec.Struct, frozen=True):
    """`[bundles]`: files of `assets/` that are published as one, by the name that templates use."""

    css: dict[_IDENTIFIER, tuple[str, ...]] = {}
    """Style sheets, `app = ["base.css", "components.css"]`, which `css_bundle("app")` links."""
    js: dict[_IDENTIFIER, tuple[str, ...]] = {}
    """Scripts, `app = ["menu.js", "search.js"]`, or one module that imports others, for `js_bundle("app")`."""


class CommandConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[assets.commands]`: a table for every outside tool that makes assets, `[assets.commands.NAME]`."""

    run: tuple[str, ...] = ()
    """The program and its arguments, run in the site folder; `{out}` is the folder that it is to write to."""
    inputs: tuple[str, ...] = ()
    """The files that it reads, as patterns from the site folder: `src/**/*.css`; it runs again when one changes."""
    outputs: tuple[str, ...] = ()
    """The files that it leaves in `{out}`, named as files of `assets/` are; they take the place of one of that name."""
    timeout: _SECONDS = "600 s"
    """How long it may take; then it is stopped, and the build with it."""

    @property
    def seconds(self) -> float:
        """`timeout` in seconds."""
        return float(self.timeout.split()[0])


class AssetsConfig(msgspec.Struct, frozen=True):
    """`[assets]`: how the files of `assets/` are published."""

    minify: bool = True
    """Remove from style sheets and scripts what a browser does not need; their imports are put in place anyway."""
    targets: str = "defaults"
    """The browsers that style sheets are lowered for, as browserslist has it; empty leaves their syntax as it is."""
    esbuild: bool = False
    """Minify scripts and modules with esbuild, where it is installed."""
    commands: dict[_IDENTIFIER, CommandConfig] = {}
    """Outside tools that make assets, by a name of yours."""
    cdn: str = ""
    """The address of a CDN for these files, `https://cdn.example.com`; it stands in the place of `base_url`."""


class ImageQuality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[images.quality]`: how much of an image each format keeps, 1 to 100; drawings and screenshots get 10 more."""

    avif: _PERCENT = 55
    """The quality of AVIF."""
    webp: _PERCENT = 78
    """The quality of WebP."""
    jpeg: _PERCENT = 80
    """The quality of JPEG in other widths; the file itself stays as it is."""


class ImagesConfig(msgspec.Struct, frozen=True):
    """`[images]`: images in the widths and formats that browsers like best."""

    enabled: bool = True
    """Make images in several widths and formats, and write `<picture>` for them."""
    widths: _WIDTHS = ()
    """Widths in px that an image is made in, never wider than it is; without the key, what screens need for `sizes`."""
    formats: tuple[Literal["avif", "webp"], ...] = ("avif", "webp")
    """Formats beside that of the file, the best first."""
    quality: ImageQuality = ImageQuality()
    sizes: str = ""
    """How wide images are shown, as in the attribute `sizes`; without the key, as the theme says, or `100vw`."""
    slots: dict[_IDENTIFIER, str] = {}
    """Other places of a theme, by a name for `image(…, slot="card")`: how wide an image is shown there."""
    exclude: tuple[str, ...] = ()
    """Files that stay as they are, as patterns of paths: `content/screenshots/*`."""
    placeholder: Literal["attribute", "style", "none"] = "attribute"
    """Where the main colour of an image that is not there yet goes: `data-color`, an inline `style`, or nowhere."""


class FontsConfig(msgspec.Struct, frozen=True):
    """`[fonts]`: what is done for fonts of the site's own."""

    fallbacks: bool = True
    """Add a fallback face with the metrics of each font, so that text does not move when the font arrives."""
    preload: bool = True
    """Have a browser fetch the fonts of a page's first screen, two at the most, before it has read the style sheet."""
    subset: bool = False
    """Leave out of the fonts in `assets/` what is for characters that the site does not have."""
    characters: str = ""
    """Characters that `subset` keeps beside those of the site's files: what scripts or packages bring."""


class SearchConfig(msgspec.Struct, frozen=True):
    """`[search]`: an index of the pages that a reader's browser searches."""

    engine: Literal["none", "pagefind"] = "none"
    """`pagefind` makes an index and a search page; needs `ssg[search]`."""


class OutputConfig(msgspec.Struct, frozen=True):
    """`[output]`: where the built site goes."""

    dir: str = "public"
    """The output folder, below the site folder unless absolute."""
    encodings: tuple[Literal["br", "gzip", "zstd"], ...] = ("br", "gzip")
    """Compressed forms beside each file, `a.css.br`, for servers that send them; the best first, `[]` for none."""
    min_size: _SIZE = "500 B"
    """Files of fewer bytes have no compressed forms."""

    @property
    def min_bytes(self) -> int:
        """`min_size` in bytes."""
        return _bytes(self.min_size)


class CacheConfig(msgspec.Struct, frozen=True):
    """`[cache]`: what is remembered from build to build, and shared with other machines."""

    max_size: _SIZE = "2 GB"
    """What the store in `.ssg/` takes on the disk at the most; what was not used for the longest time goes first."""
    max_age: _DAYS = "30 days"
    """How long what nobody uses is kept, in `.ssg/` and in the shared cache."""
    remote: str = ""
    """A cache to share: `redis://`, `s3://`, `gs://`, `az://` or `file://`; needs `ssg[redis]` or `ssg[cloud]`."""
    remote_timeout: _SECONDS = "2 s"
    """How long a build waits for the shared cache, in all."""

    @property
    def size(self) -> int:
        """`max_size` in bytes."""
        return _bytes(self.max_size)

    @property
    def days(self) -> int:
        """`max_age` in days."""
        return int(self.max_age.split()[0])

    @property
    def seconds(self) -> float:
        """`remote_timeout` in seconds."""
        return float(self.remote_timeout.split()[0])


class WorkersConfig(msgspec.Struct, frozen=True):
    """`[workers]`: how work is spread."""

    kind: Literal["processes", "inline"] = "processes"
    """`processes` uses every core; `inline` works in one process."""


class ProfileConfig(msgspec.Struct, frozen=True):
    """`[profile]`: what `ssg build --profile` warns of; without that option, it has no effect."""

    slow: Annotated[int, msgspec.Meta(ge=1)] = 100
    """Milliseconds that parsing or rendering a page may take, or one run of a template or pass by itself."""


class Config(msgspec.Struct, frozen=True):
    """The whole of `site.toml`, one table per room; defaults are written here and nowhere else."""

    site: SiteConfig = SiteConfig()
    theme: ThemeConfig = ThemeConfig()
    markdown: MarkdownConfig = MarkdownConfig()
    content: ContentConfig = ContentConfig()
    assets: AssetsConfig = AssetsConfig()
    bundles: BundlesConfig = BundlesConfig()
    html: HtmlConfig = HtmlConfig()
    optimize: OptimizeConfig = OptimizeConfig()
    scripts: ScriptsConfig = ScriptsConfig()
    hints: HintsConfig = HintsConfig()
    images: ImagesConfig = ImagesConfig()
    fonts: FontsConfig = FontsConfig()
    search: SearchConfig = SearchConfig()
    output: OutputConfig = OutputConfig()
    delivery: DeliveryConfig = DeliveryConfig()
    pwa: PwaConfig | None = None
    cache: CacheConfig = CacheConfig()
    workers: WorkersConfig = WorkersConfig()
    profile: ProfileConfig = ProfileConfig()
    budget: BudgetConfig = BudgetConfig()
    budgets: tuple[Rule, ...] | Literal["off"] = ()
    menus: dict[str, tuple[MenuEntry, ...]] = {}
    languages: dict[_TAG, LanguageConfig] = {}
    extensions: dict[_IDENTIFIER, ExtensionConfig] = {}
    deploy: dict[_IDENTIFIER, DeployConfig] = {}

    @property
    def tongues(self) -> tuple[str, ...]:
        """The languages of the site: that of `[site]` first, then the others as written."""
        return tuple(dict.fromkeys((self.site.language, *self.languages)))
