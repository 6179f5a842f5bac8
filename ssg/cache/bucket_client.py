"""A store that is shared in a bucket (S3, Google Cloud Storage, Azure) or a folder."""

import asyncio
import atexit
import functools
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, ObjectStore

from ssg.buckets import open_bucket
from ssg.cache.remote import Refused, Remote, place_of

T = TypeVar("T")
# What obstore's threads need at the end of the process, in seconds, to let go of what they hold of Python's. One that
# asks for the interpreter while that ends has the process aborted: 24 of 40 times, and 0 of 60 with 0.02 s (obstore
# 0.12, Python 3.11).
_PARTING = 0.05
# Requests that are under way at once.
_AT_ONCE = 32


class BucketClient:
    """Keeps each entry as an object. Credentials are those that the provider's own tools take."""

    def __init__(self, remote: Remote) -> None:
        """Take the address, like `s3://bucket/prefix`."""
        self._seconds = remote.seconds
        atexit.register(time.sleep, _PARTING)
        try:
            self._store = _open(remote)
        except (BaseError, OSError, ValueError) as reason:
            raise _refusal(reason) from None

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Give the entries of those keys that are there."""

        async def load(key: str) -> tuple[str, bytes | None]:
            try:
                answer = await obstore.get_async(self._store, place_of(key))
                return key, bytes(await answer.bytes_async())
            except FileNotFoundError:
                return key, None

        found = self._all([functools.partial(load, key) for key in keys])
        return {key: entry for key, entry in found if entry is not None}

    def put(self, entries: Mapping[str, bytes], anew: frozenset[str]) -> None:  # noqa: ARG002
        """Put entries: asking whether one is there costs a request as putting it does, and would not renew it."""

        async def save(key: str, entry: bytes) -> None:
            await obstore.put_async(self._store, place_of(key), entry, use_multipart=False)

        self._all([functools.partial(save, key, entry) for key, entry in entries.items()])

    def _all(self, requests: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
        """Give the answers to requests, some of which are under way at once; no request is made after a failure."""

        async def gather() -> list[T]:
            gate = asyncio.Semaphore(_AT_ONCE)

            async def pass_(request: Callable[[], Awaitable[T]]) -> T:
                async with gate:
                    return await request()

            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(pass_(request)) for request in requests]
            return [task.result() for task in tasks]

        try:
            return asyncio.run(asyncio.wait_for(gather(), self._seconds))
        except TimeoutError:
            raise Refused("does not answer in time") from None
        except ExceptionGroup as group:
            raise _refusal(group.exceptions[0]) from None


def _open(remote: Remote) -> ObjectStore:
    parts = urlsplit(remote.url)
    if parts.scheme == "file":
        return LocalStore(Path(unquote(parts.path)), mkdir=True)
    # Options of the client would take the place of those in the environment (AWS_ALLOW_HTTP), so none are given.
    options: dict[str, Any] = {"retry_config": {"max_retries": 1, "retry_timeout": timedelta(seconds=remote.seconds)}}
    return open_bucket(remote.url, **options)


def _refusal(reason: Exception) -> Refused:
    if isinstance(reason, PermissionDeniedError | UnauthenticatedError | PermissionError):
        return Refused("does not allow it: look at the credentials")
    first = next(iter(str(reason).splitlines()), type(reason).__name__)
    return Refused(f"cannot be used ({first[:200]})")
