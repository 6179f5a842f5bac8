"""Finished pages → the files of the search index, made again when a page is another one."""

import functools
from collections.abc import Mapping, Sequence

import msgspec

from ssg import output
from ssg.build.setting import Setting
from ssg.cache import recall_files
from ssg.errors import Diagnostic, SiteError
from ssg.model import Artifact, Ref, Site


class Indexed(msgspec.Struct, frozen=True):
    """The files of the search index, where they lie in the store by path, and what went wrong in the making."""

    artifacts: tuple[Artifact, ...] = ()
    kept: Mapping[str, Ref] = {}
    diagnostics: tuple[Diagnostic, ...] = ()


def index_all(site: Site, documents: Sequence[Artifact], setting: Setting) -> Indexed:
    """Index the pages among the documents where the site asks for a search; the same pages are indexed once."""
    shelf = setting.shelf
    pages = output.searched(site, documents, setting.config.search)
    make = functools.partial(output.make_index, pages, shelf.get, shelf.spool.folder)
    try:
        kept = recall_files(make, output.index_key(pages), shelf) if pages else ()
    except SiteError as reason:
        return Indexed(diagnostics=reason.diagnostics)
    pairs = [(output.indexed(file.path, file.body, file.digest), file.kept) for file in kept]
    return Indexed(tuple(one for one, _ in pairs), {one.path: ref for one, ref in pairs})
