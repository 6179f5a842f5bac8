"""The configuration of a site: `site.toml` → `Config`."""

from ssg.config.load import load_config, nearest_folder, output_folder, override, permalink
from ssg.config.locate import FILE, locate, place, toml_mistake
from ssg.config.tables import (
    Config,
    ContentConfig,
    ExtensionConfig,
    Field,
    HighlightConfig,
    HtmlConfig,
    LanguageConfig,
    MarkdownConfig,
    MenuEntry,
    OutputConfig,
    Overrides,
    SiteConfig,
    ThemeConfig,
    WorkersConfig,
)

__all__ = [
    "FILE",
    "Config",
    "ContentConfig",
    "ExtensionConfig",
    "Field",
    "HighlightConfig",
    "HtmlConfig",
    "LanguageConfig",
    "MarkdownConfig",
    "MenuEntry",
    "OutputConfig",
    "Overrides",
    "SiteConfig",
    "ThemeConfig",
    "WorkersConfig",
    "load_config",
    "locate",
    "nearest_folder",
    "output_folder",
    "override",
    "permalink",
    "place",
    "toml_mistake",
]
