"""A bucket of S3, Google Cloud Storage or Azure, or of what speaks as one of them."""

import asyncio
import os
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Literal, TypeVar

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    GenericError,
    NotModifiedError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)

from ssg.buckets import open_bucket
from ssg.config import DeployConfig
from ssg.deploy.remote import Conflict, Create, Found, Listed, Missing, RemoteError, Replace, Transient

T = TypeVar("T")
# Above this many bytes an object is uploaded in parts, each a request of its own.
_PARTS = 16 << 20
_PLAIN = ("AWS_ALLOW_HTTP", "AZURE_ALLOW_HTTP", "GOOGLE_ALLOW_HTTP")
# How long a request may take in all: what obstore has, 30 s, is too short for a large file on a slow line.
_PATIENCE = timedelta(minutes=2)
_STATUS = re.compile(r"status code: (\d{3})")
# Where obstore asks for the credentials of a machine when there are none in the environment.
_MACHINE = re.compile(
    r"169\.254\.|metadata\.google|/latest/api/token|/metadata/identity|InstanceMetadata|credentials? .*not",
    re.IGNORECASE,
)
_CREDENTIALS = (
    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for s3://, AZURE_STORAGE_ACCOUNT_KEY for az://, or "
    "GOOGLE_APPLICATION_CREDENTIALS for gs://, or use a profile"
)
_TRIED_AGAIN = frozenset({"408", "409", "425", "429"})


class Bucket:
    """Objects with headers, below a prefix."""

    keeps_headers = True

    def __init__(self, target: DeployConfig) -> None:
        """Open the bucket of a target; nothing is asked of it yet.

        Raises:
            RemoteError: the address cannot be understood.
        """
        # A condition is about the number of an object's generation in Google's buckets, about its ETag elsewhere.
        self._version: Literal["e_tag", "version"] = "version" if target.url.startswith("gs://") else "e_tag"
        options: dict[str, Any] = {"retry_config": {"max_retries": 0}}
        if target.endpoint:
            options["endpoint"] = target.endpoint
        if target.region:
            options["region"] = target.region
        # Options of the client take the place of those in the environment, so that one is looked at here.
        plain = target.endpoint.startswith("http://") or any(
            os.environ.get(name, "").lower() == "true" for name in _PLAIN
        )
        options["client_options"] = {"timeout": _PATIENCE, **({"allow_http": True} if plain else {})}
        try:
            self._store = open_bucket(target.url, **options)
        except (BaseError, ValueError, OSError) as reason:
            raise _failure(reason) from None

    async def read(self, key: str) -> Found:
        """Give an object."""

        def read() -> Found:
            answer = obstore.get(self._store, key)
            return Found(bytes(answer.bytes()), _texts(answer.attributes), answer.meta[self._version] or "")

        return await _answer(read)

    async def headers(self, key: str) -> Mapping[str, str]:
        """Give the headers and metadata of an object."""
        return await _answer(lambda: _texts(obstore.get(self._store, key, options={"head": True}).attributes))

    async def write(self, key: str, body: bytes, headers: Mapping[str, str], how: Create | Replace) -> str:
        """Put an object."""
        mode: Any = "create" if isinstance(how, Create) else {self._version: how.etag} if how.etag else "overwrite"
        parts = len(body) > _PARTS and not (isinstance(how, Replace) and how.etag)
        if parts and isinstance(how, Create):
            await self._refuse_if_there(key)  # parts know no condition
            mode = "overwrite"

        def write() -> str:
            done = obstore.put(self._store, key, body, attributes=dict(headers), mode=mode, use_multipart=parts)
            return done[self._version] or ""

        return await _answer(write)

    async def _refuse_if_there(self, key: str) -> None:
        try:
            await self.headers(key)
        except Missing:
            return
        raise Conflict("the object is there already")

    async def copy(self, key: str, to: str) -> None:
        """Copy an object with its headers."""
        await _answer(lambda: obstore.copy(self._store, key, to))

    async def remove(self, key: str) -> None:
        """Remove an object, if it is there."""
        try:
            await _answer(lambda: obstore.delete(self._store, key))
        except Missing:
            return

    async def listing(self) -> Mapping[str, Listed]:
        """Give all objects by key."""

        def read() -> Mapping[str, Listed]:
            found = (one for part in obstore.list(self._store) for one in part)
            return {one["path"]: Listed(one["size"], one[self._version] or "") for one in found}

        return await _answer(read)


def _texts(attributes: Mapping[Any, str]) -> Mapping[str, str]:
    return {str(name): value for name, value in attributes.items()}


async def _answer(request: Callable[[], T]) -> T:
    """Make a request in a thread.

    Not by the asynchronous functions of obstore: their threads may ask for the interpreter when it ends, and the
    process is aborted then (1 of 10 times, obstore 0.12, Python 3.11).
    """
    try:
        return await asyncio.to_thread(request)
    except (BaseError, OSError, ValueError) as reason:
        raise _failure(reason) from None


def _failure(reason: Exception) -> RemoteError:
    """Say in one sentence what an answer means; nothing of credentials is in it."""
    text = str(reason)
    for told, message, hint in _TOLD:
        if told in text:
            return RemoteError(message, hint)
    if isinstance(reason, FileNotFoundError):
        return Missing("there is no such object")
    if isinstance(reason, AlreadyExistsError | PreconditionError | NotModifiedError):
        return Conflict("the object is not the one that was expected")
    return _refusal(reason, text)


def _refusal(reason: Exception, text: str) -> RemoteError:
    if _MACHINE.search(text):
        return RemoteError("there are no credentials for the bucket", _CREDENTIALS)
    status = _STATUS.search(text)
    denied = status is not None and status[1] in {"401", "403"}
    if denied or isinstance(reason, PermissionDeniedError | UnauthenticatedError):
        hint = "let these credentials read, list, write and delete there, or use others"
        return RemoteError("the bucket does not allow it with these credentials", hint)
    first = next(iter(text.splitlines()), type(reason).__name__)
    first = re.sub(r"://[^\s/@]*@", "://…@", first).partition(" - ")[2] or first
    message = f"the bucket answers: {first[:200]}"
    if isinstance(reason, GenericError) and (not status or status[1] in _TRIED_AGAIN or status[1] >= "500"):
        return Transient(message, "see whether the service works and its address is right, and deploy again")
    return RemoteError(message)


# Codes in answers of S3 and Azure that need a sentence of their own.
_TOLD = (
    (
        "RequestTimeTooSkewed",
        "the clock of this machine differs from the bucket's by more than 15 minutes",
        "set the clock, and deploy again",
    ),
    ("NoSuchBucket", "there is no such bucket", "make the bucket, or mend url and region of the target"),
    ("ContainerNotFound", "there is no such container", "make the container, or mend url of the target"),
    ("PermanentRedirect", "the bucket is in another region", "set region of the target to it"),
    ("Received redirect without LOCATION", "the bucket is in another region", "set region of the target to it"),
    ("AuthorizationHeaderMalformed", "the bucket is in another region", "set region of the target to it"),
    ("SignatureDoesNotMatch", "the secret of the credentials is wrong", "look at the variables or the profile"),
    ("InvalidAccessKeyId", "the credentials are not known there", "look at the variables or the profile"),
    (
        "AuthenticationFailed",
        "the key of the account is wrong, or the clock of this machine is",
        "look at AZURE_STORAGE_ACCOUNT_KEY and its kin, and set the clock",
    ),
    ("ExpiredToken", "the credentials have expired", "get new ones, and deploy again"),
)
