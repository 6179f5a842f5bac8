"""Spans of time → what they tell: tables, a trace for viewers, metrics."""

from ssg.profiling.chrome import trace
from ssg.profiling.findings import Cacheable, Findings, Total, find, slow
from ssg.profiling.openmetrics import Figures, metrics

__all__ = ["Cacheable", "Figures", "Findings", "Total", "find", "metrics", "slow", "trace"]
