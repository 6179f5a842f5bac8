"""A build: from the files of a site to its release, and to its output folder."""

from ssg.build.choices import Choices
from ssg.build.deliveries import deliveries
from ssg.build.first import First
from ssg.build.survey import survey
from ssg.build.take import Take
from ssg.build.whole import Built, build
from ssg.build.writing import Crew, Produced, WriteReport, encoded_sizes, made, produce, write

__all__ = [
    "Built",
    "Choices",
    "Crew",
    "First",
    "Produced",
    "Take",
    "WriteReport",
    "build",
    "deliveries",
    "encoded_sizes",
    "made",
    "produce",
    "survey",
    "write",
]
