"""A release → how hosts are to deliver it: one policy, and the files in which each host reads it."""

from ssg.delivery.compose import Composed, Told, compose, plain
from ssg.delivery.csp import for_page, within
from ssg.delivery.emit import (
    EMITTERS,
    LIKE_PAGES,
    POLICY,
    READ_BY_HOSTS,
    emit,
    encodings,
    read_policy,
    write_policy,
)
from ssg.delivery.emitted import Emitted
from ssg.delivery.policy import (
    CACHE,
    EDGE,
    Kind,
    Policy,
    Redirect,
    Rule,
    Served,
    classify,
    headers_of,
    is_feed,
    is_hashed,
    is_worker,
    kind_of,
    matches,
    object_headers,
)
from ssg.delivery.redirecting import Alias

__all__ = [
    "CACHE",
    "EDGE",
    "EMITTERS",
    "LIKE_PAGES",
    "POLICY",
    "READ_BY_HOSTS",
    "Alias",
    "Composed",
    "Emitted",
    "Kind",
    "Policy",
    "Redirect",
    "Rule",
    "Served",
    "Told",
    "classify",
    "compose",
    "emit",
    "encodings",
    "for_page",
    "headers_of",
    "is_feed",
    "is_hashed",
    "is_worker",
    "kind_of",
    "matches",
    "object_headers",
    "plain",
    "read_policy",
    "within",
    "write_policy",
]
