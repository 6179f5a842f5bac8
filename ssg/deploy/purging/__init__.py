"""Paths that have changed → requests to the API of a content delivery network."""

from ssg.deploy.purging.providers import changed_urls, purge_requests
from ssg.deploy.purging.sending import send

__all__ = ["changed_urls", "purge_requests", "send"]
