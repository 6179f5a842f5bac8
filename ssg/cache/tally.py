"""What a cache did, in numbers."""

import msgspec


class Tally(msgspec.Struct, frozen=True):
    """How many results were answered and made, and how many entries of the store were damaged."""

    hits: int = 0
    misses: int = 0
    damaged: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Give both together."""
        return Tally(self.hits + other.hits, self.misses + other.misses, self.damaged + other.damaged)
