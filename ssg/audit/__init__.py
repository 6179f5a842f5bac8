"""What a real browser fetches and measures, for `ssg audit`."""

from ssg.audit.auditing import Wanted, audit
from ssg.audit.judge import SLACK
from ssg.audit.measure import RUNS
from ssg.audit.table import shown
from ssg.audit.values import AuditReport

__all__ = ["RUNS", "SLACK", "AuditReport", "Wanted", "audit", "shown"]
