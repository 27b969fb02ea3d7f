"""The invariants of Article 6 over random histories; and each of them finds a bug of its own.

`make test` asks for some thousands of acts, `make long` for more than a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger import article6_traffic
from tests.ledger.article6_oracle import Oracle
from tests.ledger.given import LAW, B, founded, furnished, given, take
from tests.ledger.test_random_writer import World
from tests.ledger.traffic import Traffic

from onetonne.article6 import balance as balances
from onetonne.article6 import figures as numbers
from onetonne.ledger import decide as decisions
from onetonne.ledger import events as ev
from onetonne.ledger import state as states
from onetonne.ledger.acts import first_transfer, levy, pledges, recall, transfer, use
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.article6 import finality, folds
from onetonne.ledger.article6.tables import Marks
from onetonne.ledger.commands import Act
from onetonne.ledger.decide import decide
from onetonne.ledger.lanes import Corrupt
from onetonne.ledger.lawful import Watch
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.state import State, apply
from onetonne.service import execute

Patch = pytest.MonkeyPatch
EPISODE = 400
HOME = a6.RecordNdc(
    party="TW", first=2021, last=2024, kind="multi", method="budget", digest="ab" * 32
)
SETTINGS = 6
"""Acts that must come before anything is authorised: two accounts abroad, an approach, what the
host shows, two pledges."""
HEAVY = {"issue": 8, "transfer": 12, "cancel": 4, "convert": 6, "correct": 6, "surrender": 6,
         "propose": 4, "settle": 5, "label": 1, "lock": 2, "lift": 3, "people": 1}  # fmt: skip
"""How often the ordinary acts come between those of Article 6."""


class Article6Traffic(Traffic):
    """More of Article 6, and years that pass."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        mine = [row for row in self.weighed if not hasattr(self, getattr(row[0], "__name__", ""))]
        usual: list[Any] = [(getattr(self, name), n) for name, n in HEAVY.items()]
        # In the order of `traffic.ARTICLE6`: settings, then what authorises, sells and uses.
        self.weighed = [*usual, *[(make, 3 * weight) for make, weight in mine[1:4]], mine[0]]

    def act(self, state: State) -> Act | None:
        made = super().act(state)
        if isinstance(made, a6.UseTowardsNdc) and self.random.random() < 0.1:
            return replace(made, party=self.random.choice(("JP", "SG", "TW")))
        return made


def episode(seed: int, oracle: Oracle | None = None, commands: int = EPISODE) -> int:
    """One ledger's life under an oracle's eyes; how many acts were accepted."""
    return lived(seed, oracle or Oracle(), founded(), commands)


def lived(seed: int, oracle: Oracle, state: State, commands: int = EPISODE) -> int:
    """The same, of a ledger that was just founded."""
    traffic, acts = Article6Traffic(seed), 0
    given(*furnished(), state=state)
    for _ in range(SETTINGS):
        given(article6_traffic.setting(traffic.random, state), state=state)
    given(HOME, state=state)
    for entry in state.entries.values():
        oracle.seen(entry)
    year = traffic.day.year
    for number in range(commands):
        if traffic.random.random() < 0.03:
            traffic.day += timedelta(traffic.random.choice((30, 90)))
        if traffic.day.year != year:
            year = traffic.day.year
            oracle.year_end(state)
        answer = decide(state, traffic.request(state), LAW, traffic.day)
        if not isinstance(answer, Refusal):
            oracle.seen(answer)
            take(state, answer, traffic.day)
            acts += 1
            if number % 20 == 0:
                oracle.held(state)
        if oracle.wrong:
            return acts
    oracle.held(state)
    oracle.year_end(state)
    return acts


def test_every_invariant_holds() -> None:
    acts = 0
    for seed in range(8):
        oracle = Oracle()
        acts += episode(seed, oracle)
        assert oracle.wrong == [], seed
        assert oracle.first, "nothing was sold: this life shows nothing"
    assert acts > 1_000


def test_what_is_decided_is_lawful_to_whoever_verifies_it() -> None:
    for seed in range(40, 44):
        state, replayed = founded(), State(search=False)
        lived(seed, Oracle(), state)
        watch = Watch(replayed, state.entries.get)
        for _, entry in sorted(state.entries.items()):
            watch.begin(entry)
            apply(replayed, entry, watch.see)
        watch.end()
        # Requests of this traffic state no moment, the founding does.
        assert {found.code for found in watch.findings} <= {"unlawful_time"}, seed


@pytest.mark.long
def test_every_invariant_holds_over_a_hundred_thousand_acts(
    scaled: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    acts, lives = 0, scaled(700)
    for seed in range(20_000, 20_000 + lives):
        oracle = Oracle()
        acts += episode(seed, oracle)
        assert oracle.wrong == [], seed
    record_property("acts", acts)
    assert acts > 100_000 * lives // 700


def sent_twice(folder: Path, seed: int, commands: int = 60) -> int:
    """Each request is sent again with its key: invariant 8, on the tables themselves."""
    world, repeated = World(folder, seed), 0
    world.traffic = world.clock.traffic = Article6Traffic(seed)
    for number in range(commands):
        request = replace(world.traffic.request(world.state), key=f"k{number}")
        (answer,) = world.batch([request])
        before = tables_of(world)
        if answer.entry is not None:
            (again,) = world.random.choice(world.writers).execute([request])
            assert again.entry == answer.entry
            assert tables_of(world) == before
            repeated += 1
    world.close()
    return repeated


def tables_of(world: World) -> list[Any]:
    names = ("head", "journal", "holdings", "first_transfers", "uses", "tallies", "authorisations")
    return [world.db.query(f"SELECT * FROM {name} ORDER BY 1, 2") for name in names]


def test_what_is_sent_twice_is_done_once(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(execute, "seal", lambda act, openings: act)
    assert sum(sent_twice(tmp_path, seed) for seed in range(3)) > 50


def test_a_key_that_is_forgotten_is_noticed(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(execute, "seal", lambda act, openings: act)
    monkeypatch.setattr(execute._Batch, "seen", lambda self, given: None)
    monkeypatch.setattr(execute._Batch, "add", without_key(execute._Batch.add))
    with pytest.raises(AssertionError, match="repeated=False"):
        sent_twice(tmp_path, 0)


def without_key(real: Any) -> Any:
    return lambda self, given, entry, data: real(self, replace(given, key=""), entry, data)


# A bug for each invariant; the oracle must name it by its number.


def p01_a_move_changes_nobody(patch: Patch) -> None:
    patch.setitem(states._APPLY, ev.Moved, lambda state, e, seq: None)


def p02_marks_are_not_seen(patch: Patch) -> None:
    patch.setattr(Marks, "free", lambda self, lot, first, next_: [(first, next_)])


def p02_an_end_may_be_left(patch: Patch) -> None:
    real = transfer.source_account

    def open_to_all(state: State, ctx: Any, number: int) -> Any:
        account = state.accounts.get(number)
        ended = account is not None and account.sink
        return account if ended else real(state, ctx, number)

    patch.setattr(transfer, "source_account", open_to_all)


def p03_every_use_is_subtracted(patch: Patch) -> None:
    real = folds._used
    patch.setitem(
        states._APPLY, e6.Used, lambda state, e, seq: real(state, replace(e, purpose="NDC"), seq)
    )


def p03_a_recall_takes_nothing_back(patch: Patch) -> None:
    patch.setitem(states._APPLY, e6.Recalled, lambda state, e, seq: None)


def p02_a_recall_waits_for_nobody(patch: Patch) -> None:
    real = recall.consent

    def alone(state: State, act: Any, ctx: Any) -> Any:
        row = state.recalls.get(act.recall)
        return real(state, replace(act, party=row.party) if row else act, ctx)[1:]

    patch.setitem(decisions._ACTS, a6.ConsentToRecall, alone)


def p03_a_levy_is_forgotten(patch: Patch) -> None:
    patch.setattr(levy, "take", lambda state, ctx, events: events)


def p01_a_levy_goes_to_who_levies_nothing(patch: Patch) -> None:
    patch.setattr(levy, "account_of_kind", lambda state, kind: state.accounts[B])


def p02_what_was_levied_is_levied_again(patch: Patch) -> None:
    patch.setattr(State, "put", without(State.put, "approach_levies"))


def without(real: Any, table: str) -> Any:
    return lambda self, name, key, row: None if name == table else real(self, name, key, row)


def p04_years_are_mixed_up(patch: Patch) -> None:
    real = numbers.annual
    patch.setattr(
        numbers,
        "annual",
        lambda party, metric, sums, years: real(
            party, metric, [row for row in sums if row.year == row.happened], years
        ),
    )


def p05_the_sign_is_turned(patch: Patch) -> None:
    real = balances._year
    wrong = lambda ndc, found, year, adjustment: real(ndc, found, year, -adjustment)  # noqa: E731
    patch.setattr(balances, "_year", wrong)


def p05_a_closed_period_goes_on(patch: Patch) -> None:
    patch.setattr(finality, "AFTERWARDS", {"first_transfer": "first_transfer"})


def p06_a_final_year_is_restated(patch: Patch) -> None:
    patch.setattr(pledges, "check_open", lambda state, party, year: None)


def p06_a_party_uses_what_another_holds(patch: Patch) -> None:
    patch.setattr(use, "check_party", lambda account, party: None)


def p06_any_year_has_a_pledge(patch: Patch) -> None:
    real = use.pledge_for
    patch.setattr(use, "pledge_for", lambda state, party, year: real(state, party, 2030))


def p07_caps_are_not_kept(patch: Patch) -> None:
    patch.setattr(first_transfer.Writing, "room", lambda self, row: None)


def p10_a_first_transfer_forgets_a_serial(patch: Patch) -> None:
    real = folds.FOLDS[e6.FirstTransferred]

    def short(state: State, e: e6.FirstTransferred, seq: int) -> None:
        real(state, e, seq)
        (low, high), key = e.blocks[-1], (e.lot, e.blocks[-1][0])
        if high - low > 1:
            row = state.first_transfers[key]
            state.put("first_transfers", key, replace(row, next=row.next - 1))

    patch.setitem(states._APPLY, e6.FirstTransferred, short)


def p11_sums_are_floats(patch: Patch) -> None:
    real = folds.add
    patch.setattr(folds, "add", lambda state, key, quantity: real(state, key, quantity / 1))


PLANTS = [value for name, value in sorted(globals().items()) if name[:1] == "p" and "_" in name[:4]]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_named_by_its_invariant(
    plant: Callable[[Patch], None], monkeypatch: Patch
) -> None:
    plant(monkeypatch)
    wanted = int(plant.__name__[1:3])
    named: set[int] = set()
    for seed in range(30):
        oracle = Oracle()
        # The state may notice too: what the oracle said by then is what is asked.
        with suppress(Corrupt, KeyError, AssertionError):
            episode(seed, oracle)
        named |= {number for number, _ in oracle.wrong}
        if wanted in named:
            return
    pytest.fail(f"{plant.__name__}: only {named or 'nothing'} was named")


def test_there_is_a_bug_for_each_invariant_of_the_kernel() -> None:
    assert {int(plant.__name__[1:3]) for plant in PLANTS} == {1, 2, 3, 4, 5, 6, 7, 10, 11}
