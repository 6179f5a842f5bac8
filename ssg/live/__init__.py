"""A deployed site beside what was built, for `ssg check --live`."""

from ssg.live.asking import Manner
from ssg.live.checking import MOST, Wanted, check_live
from ssg.live.grouping import shown
from ssg.live.values import Finding, Level, LiveReport

__all__ = ["MOST", "Finding", "Level", "LiveReport", "Manner", "Wanted", "check_live", "shown"]
