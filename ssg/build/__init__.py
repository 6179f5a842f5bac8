"""A build: from the files of a site to its release, and to its output folder."""

from ssg.build.choices import Choices
from ssg.build.whole import Built, build
from ssg.build.writing import WriteReport, produce, write

__all__ = ["Built", "Choices", "WriteReport", "build", "produce", "write"]
