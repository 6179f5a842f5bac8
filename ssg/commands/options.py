"""Options that several commands have."""

import click

SITE = click.option("--site", default=".", metavar="DIR", help="The site folder (default: this one).")
OUTPUT = click.option("--output", metavar="DIR", help="The output folder (default: dir in [output], public).")
BASE_URL = click.option("--base-url", metavar="URL", envvar="SSG_BASE_URL", help="Where the site will be published.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
