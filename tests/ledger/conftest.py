"""Every test of the kernel watches that the page on guards is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.ledger.guards import reasons

from onetonne.ledger.decide import _ACTS
from onetonne.ledger.refusals import Refused


def watched(kind: Any, decide: Callable[..., Any]) -> Callable[..., Any]:
    """The act's own decision; AssertionError where it refuses for a reason that the page
    docs/reference/kernel-guards.md does not name under it."""
    told = reasons(kind)

    def decided(*given: Any) -> Any:
        try:
            return decide(*given)
        except Refused as refused:
            code = refused.refusal.code
            assert code in told, f"{kind.__name__} is refused as {code}: name it in the guards"
            raise

    return decided


KEPT = dict(_ACTS)
WATCHED = {kind: watched(kind, decide) for kind, decide in KEPT.items()}


@pytest.fixture(autouse=True)
def _guards_are_named(request: pytest.FixtureRequest) -> Iterator[None]:
    """All but long random runs, which may meet anything."""
    if request.node.get_closest_marker("long") is None:
        _ACTS.update(WATCHED)
    yield
    _ACTS.update(KEPT)
