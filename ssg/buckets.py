"""Buckets are opened here, for the shared cache and for deploys: with credentials that the provider's own tools take.

They come from the environment, a profile, or the role of a job or machine; never from `site.toml`.
"""

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from obstore.store import ObjectStore


def open_bucket(url: str, **options: Any) -> "ObjectStore":
    """Open a bucket by its address, like `s3://bucket/prefix`, with options of obstore.

    Raises:
        ImportError: obstore is not installed.
        obstore.exceptions.BaseError, ValueError: the address or an option cannot be understood.
    """
    from obstore.store import S3Store, from_url  # noqa: PLC0415 - an optional library

    if urlsplit(url).scheme != "s3":
        return from_url(url, **options)
    # Keys in the environment, roles of containers and machines are known to obstore; profiles to boto3.
    if os.environ.get("AWS_PROFILE") and find_spec("boto3"):
        from obstore.auth.boto3 import Boto3CredentialProvider  # noqa: PLC0415 - an optional library

        options["credential_provider"] = Boto3CredentialProvider()
    return S3Store.from_url(url, **options)
