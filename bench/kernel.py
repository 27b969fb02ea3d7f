"""The kernel alone (decide, evolve, encode, hash) against the floor of the same bytes.

The floor is what no kernel can save: decoding each command, encoding each entry and hashing
it. State is in memory on both sides; the collector runs as the service ships it.
"""

from datetime import date
from typing import Any

import msgspec

from bench.harness import ROUNDS, report, timed_cpu
from bench.world import World
from onetonne.base.merkle import leaf_hash
from onetonne.ledger import codec
from onetonne.ledger.commands import Request
from onetonne.ledger.decide import decide
from onetonne.ledger.events import Enrolled, Entry, Founded
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.state import CLOCK, State, apply
from onetonne.ledger.units import Law
from onetonne.service.founding import sinks

COUNT = 50_000
DAY = date(2026, 1, 1)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Request)


def run(law: Law) -> None:
    state, world = _founded(law), World(1, 1_000)
    for request in world.founding():
        _step(state, request, law)
    ratios, rates = [], []
    for _ in range(ROUNDS):
        commands = [_encoder.encode(world.transfer()) for _ in range(COUNT)]
        entries: list[Entry] = []

        def kernel(commands: Any = commands, entries: Any = entries) -> None:
            for command in commands:
                entries.append(_step(state, _decoder.decode(command), law))

        def floor(commands: Any = commands, entries: Any = entries) -> None:
            for command, entry in zip(commands, entries, strict=True):
                _decoder.decode(command)
                leaf_hash(codec.encode(entry))

        mine, bare = timed_cpu(kernel), timed_cpu(floor)
        ratios.append(mine / bare)
        rates.append(round(COUNT / mine))
    report(
        "kernel-alone", goal=6, at_least=False, ratios=ratios, transfers_per_second=sorted(rates)[1]
    )


def _step(state: State, request: Request, law: Law) -> Entry:
    entry = decide(state, request, law, DAY)
    if isinstance(entry, Refusal):
        raise RuntimeError(entry.sentence())
    leaf_hash(codec.encode(entry))
    apply(state, entry)
    return entry


def _founded(law: Law) -> State:
    state = State()
    founded = Founded(ledger="bench", party="TW", zone="UTC", sinks=sinks(law))
    enrolled = Enrolled(person=1, name="", roles=("registrar",))
    apply(state, Entry(1, 1, 0, CLOCK, law.digest, (founded, enrolled)))
    return state
