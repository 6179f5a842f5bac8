"""The pages of a site for who does not build it: read and placed, and no more."""

import tempfile

from ssg.budget.values import Subject
from ssg.build.choices import Choices
from ssg.build.contents import read_pages
from ssg.build.keeping import Keeping
from ssg.build.subjects import list_subjects
from ssg.build.survey import survey
from ssg.build.take import Take
from ssg.build.writing import Crew
from ssg.cache import AnewStore, Lost, Shelf, Spool, Store, load_stamps
from ssg.config import Config
from ssg.model import Inputs


def read_subjects(inputs: Inputs, config: Config, crew: Crew) -> tuple[Subject, ...]:
    """Read the pages of a site folder, and give them as rules see them; nothing is rendered, packed or written.

    Raises:
        ConfigError: the theme or a Markdown extension cannot be loaded.
    """
    take = Take(inputs, config, Choices(), survey(inputs, config), load_stamps(inputs.root))

    def read(store: Store) -> tuple[Subject, ...]:
        with tempfile.TemporaryDirectory(prefix="ssg-") as resting, crew.hire(config) as workers:
            pages = read_pages(take, take.digests, workers, Shelf(Spool(resting), store))
        theme = pages.tools.theme
        return list_subjects(pages.site, tuple(one.name for one in theme.templates) if theme is not None else ())

    with Keeping(inputs, config, Choices()) as keeping:
        try:
            return read(keeping.store)
        except Lost:  # nothing that the store says is to be had now
            return read(AnewStore(keeping.store))
