"""The preview: a site that is built again when it changes, and shown over HTTP from its release."""

from ssg.serve.preview import Built, Look, preview
from ssg.serve.rebuild import Rebuilder
from ssg.serve.server import Address, listen

__all__ = ["Address", "Built", "Look", "Rebuilder", "listen", "preview"]
