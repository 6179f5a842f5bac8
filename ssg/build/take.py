"""All that a build takes, as one value."""

import msgspec

from ssg.build.choices import Choices
from ssg.build.survey import Survey
from ssg.cache import Stamps
from ssg.config import Config
from ssg.model import Inputs


class Take(msgspec.Struct, frozen=True):
    """All that a build takes; `stamps` tell which of the files that were found are known to be the same as before."""

    inputs: Inputs
    config: Config
    choices: Choices
    files: Survey
    stamps: Stamps
