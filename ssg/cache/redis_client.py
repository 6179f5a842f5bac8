"""A store that is shared in Redis."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from ssg.cache.remote import Refused, Remote, is_content, place_of

# Keys that are asked for at once: an answer is some MB at the most.
_AT_ONCE = 64


class RedisClient:
    """Keeps entries in a database of a Redis server, each with its time to live, which every use renews."""

    def __init__(self, remote: Remote) -> None:
        """Take the address; a password that is not in it may be in `REDISCLI_AUTH`, as for redis-cli."""
        self._ttl = remote.days * 24 * 3600
        with _refusals():
            self._redis = redis.Redis.from_url(
                remote.url,
                password=os.environ.get("REDISCLI_AUTH"),  # a secret is no input of a build
                socket_timeout=remote.seconds,
                socket_connect_timeout=remote.seconds,
                retry=Retry(NoBackoff(), 0),
            )

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Give the entries of those keys that are there."""
        found: dict[str, bytes] = {}
        rest = iter(keys)
        while part := tuple(islice(rest, _AT_ONCE)):
            with _refusals(), self._redis.pipeline(transaction=False) as pipeline:
                places = [place_of(key) for key in part]
                pipeline.mget(places)
                for place in places:
                    pipeline.expire(place, self._ttl)
                values, *_ = pipeline.execute(raise_on_error=False)  # who may only read cannot renew
                if isinstance(values, Exception):
                    raise values
                found.update({key: value for key, value in zip(part, values, strict=True) if value is not None})
        return found

    def put(self, entries: Mapping[str, bytes], anew: frozenset[str]) -> None:
        """Put entries; those that are there already, of the same content, are renewed and not sent."""
        there = self._renewed([key for key in entries if is_content(key) and key not in anew])
        with _refusals(), self._redis.pipeline(transaction=False) as pipeline:
            for key, entry in entries.items():
                if key not in there:
                    pipeline.set(place_of(key), entry, ex=self._ttl)
            pipeline.execute()

    def _renewed(self, keys: Sequence[str]) -> frozenset[str]:
        """Give those of the keys that are there, and renew their time to live."""
        with _refusals(), self._redis.pipeline(transaction=False) as pipeline:
            for key in keys:
                pipeline.expire(place_of(key), self._ttl)
            return frozenset(key for key, done in zip(keys, pipeline.execute(), strict=True) if done)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what redis-py and the system raise into refusals."""
    try:
        yield
    except redis.exceptions.OutOfMemoryError:
        raise Refused("is full") from None
    except redis.exceptions.TimeoutError:
        raise Refused("does not answer in time") from None
    except (redis.exceptions.AuthenticationError, redis.exceptions.NoPermissionError) as reason:
        raise Refused(f"does not allow it ({reason})") from None
    except redis.exceptions.ConnectionError as reason:
        raise Refused(f"cannot be reached ({reason})") from None
    except (redis.exceptions.RedisError, OSError, ValueError) as reason:
        raise Refused(f"cannot be used ({reason})") from None
