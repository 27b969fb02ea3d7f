"""The law of compliance systems as acts see it: read when one first needs it, with what was
judged kept, so that a thousand lots with the same facts are judged once.

It has a digest of its own: a changed limit does not change what other acts were decided under.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a start must not pay for the law engine
    from onetonne.rules.law import Lawbook

MAX_SEEN = 50_000
"""Judgements kept; then all are dropped. Facts differ by project and year, not by tonne."""


class Hub:
    """`read` gives the law; `day_in` the day of an instant in a zone by name (None: the registry's
    own day is everybody's)."""

    def __init__(
        self, read: Callable[[], Lawbook], day_in: Callable[[str, int], date] | None = None
    ) -> None:
        self._read, self.day_in = read, day_in
        self.seen: dict[Any, Any] = {}
        self.kinds = 0
        self.lots: dict[Any, Any] = {}

    @cached_property
    def book(self) -> Lawbook:
        return self._read()

    def once(self, key: Any, work: Callable[[], Any]) -> Any:
        """What `work` gives, worked out once for each key (which names all that it reads)."""
        found = self.seen.get(key)
        if found is None:
            if len(self.seen) > MAX_SEEN:
                self.seen.clear()
                self.lots.clear()
            found = self.seen[key] = work()
        return found
