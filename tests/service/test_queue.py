"""Many client threads and one committing thread: who is told what, and when nobody may hang."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.service import books

from onetonne.ledger.commands import Request, Transfer
from onetonne.service.execute import Answer, Fenced, Writer, fence
from onetonne.service.queue import Queue, QueueClosed, QueueFull, _Waiting
from onetonne.store.faults import StoreDamaged, StoreFailed, StoreRefused

CLIENTS = 16
BAD: dict[str, type[Exception]] = {
    "refused": StoreRefused,
    "damaged": StoreDamaged,
    "misread": ValueError,
}


def until(happened: Callable[[], bool]) -> None:
    """Wait, but not for ever: a test that hangs says nothing."""
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.001)


class Watched(Writer):
    """A writer that notes its batches, may be held up, and fails when told to."""

    def __init__(self, address: str) -> None:
        super().__init__(books.engine(address), books.law())
        self.batches: list[int] = []
        self.entered = 0
        self.go = threading.Event()
        self.go.set()
        self.failures: list[BaseException] = []

    def execute(self, batch: Any, dry: bool = False) -> list[Answer]:
        self.entered += 1
        self.go.wait(10)
        self.batches.append(len(batch))
        if self.failures:
            raise self.failures.pop(0)
        for request in batch:
            if request.key in BAD:
                raise BAD[request.key]("planted")
        return super().execute(batch, dry)


class Desk:
    """A ledger behind a queue, and many clients who all send at once."""

    def __init__(self, address: str, limit: int = 1_000) -> None:
        self.books = books.make(address)
        self.writers: list[Watched] = []
        self.queue = Queue(self.open, limit)

    def open(self) -> Writer:
        self.writers.append(Watched(self.books.address))
        return self.writers[-1]

    def move(self, serial: int, key: str = "") -> Request:
        return self.books.request(self.books.transfer(0, 1, f"{serial}"), key=key)

    def all_at_once(self, requests: Sequence[Request]) -> list[Answer | BaseException]:
        def one(request: Request) -> Answer | BaseException:
            try:
                return self.queue.submit(request)
            except (RuntimeError, ValueError) as error:
                return error

        with ThreadPoolExecutor(len(requests)) as clients:
            return list(clients.map(one, requests))

    def gathered(self, requests: Sequence[Request]) -> list[Answer | BaseException]:
        """As `all_at_once`, all in one batch: the writer is held until all of them wait."""
        self.queue.submit(self.books.request(self.books.transfer(0, 1, "240")))
        writer = self.writers[-1]
        writer.go.clear()
        held = writer.entered + 1
        first = threading.Thread(target=self.queue.submit, args=(self.move(239),))
        first.start()
        until(lambda: writer.entered == held)
        with ThreadPoolExecutor(1) as clients:
            told = clients.submit(self.all_at_once, requests)
            until(lambda: self.queue.waiting.qsize() >= len(requests))
            writer.go.set()
            first.join()
            return told.result()

    def sound(self) -> int:
        """Checks the ledger; returns how many entries it has beyond the setup."""
        db = books.engine(self.books.address)
        assert books.complaints(self.books, db) == []
        db.close()
        return self.books.known.seq - self.books.setup


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    desk = Desk(str(tmp_path / "ledger.db"))
    yield desk
    desk.queue.close()


def test_each_client_gets_its_own_answer_and_commits_are_shared(desk: Desk) -> None:
    shared(desk)


@pytest.mark.postgres
def test_commits_are_shared_on_postgres(postgres_url: str) -> None:
    desk = Desk(postgres_url)
    shared(desk)
    desk.queue.close()


def shared(desk: Desk) -> None:
    """Sixteen clients, each waiting for its own answer before it asks again."""
    per_client = 10

    def client(number: int) -> list[int]:
        moves = [desk.move(number * per_client + n + 1) for n in range(per_client)]
        answers = [desk.queue.submit(move) for move in moves]
        for move, answer in zip(moves, answers, strict=True):
            assert answer.entry
            (act,) = move.acts
            assert isinstance(act, Transfer)
            assert answer.entry.events[0].first + 1 == int(act.items[0].serials)  # type: ignore[union-attr]
        return [books.done(answer) for answer in answers]

    with ThreadPoolExecutor(CLIENTS) as clients:
        told = [seq for mine in clients.map(client, range(CLIENTS)) for seq in mine]
    assert len(set(told)) == CLIENTS * per_client == desk.sound()
    commits = len(desk.writers[0].batches)
    assert commits * 4 <= len(told), f"{commits} commits for {len(told)} requests"


def test_a_refusal_is_an_answer_too(desk: Desk) -> None:
    told = desk.gathered([desk.move(1), desk.move(9_999), desk.move(1)])
    codes = [answer.refusal.code if answer.refusal else "" for answer in told]  # type: ignore[union-attr]
    assert codes[1] == "outside_lot"
    assert sorted((codes[0], codes[2])) == ["", "held_elsewhere"]
    assert desk.sound() == 3


def test_a_failed_commit_is_the_failure_of_exactly_those_who_waited(desk: Desk) -> None:
    desk.queue.submit(desk.move(1))
    desk.writers[0].failures.append(StoreFailed("planted"))
    with pytest.raises(StoreFailed, match="planted"):
        desk.queue.submit(desk.move(2))
    books.done(desk.queue.submit(desk.move(3)))
    desk.writers[0].failures += [StoreFailed("planted"), StoreFailed("planted")]
    told = desk.all_at_once([desk.move(n) for n in range(10, 20)])
    failed = [error for error in told if isinstance(error, StoreFailed)]
    assert failed
    assert desk.sound() == 2 + len(told) - len(failed)


@pytest.mark.parametrize("first", BAD)
def test_one_bad_request_does_not_fail_those_who_wait_beside_it(desk: Desk, first: str) -> None:
    keys = [first, *sorted(BAD.keys() - {first})]
    bad = [desk.move(n, key=key) for n, key in enumerate(keys, 5)]
    told = desk.gathered([desk.move(1), *bad, desk.move(2)])
    assert [type(error) for error in told[1:-1]] == [BAD[key] for key in keys]
    for answer in (told[0], told[-1]):
        assert isinstance(answer, Answer)
        books.done(answer)
    assert desk.sound() == 4


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_defect_is_told_to_all_who_wait_and_the_next_request_finds_a_new_thread(
    desk: Desk,
) -> None:
    desk.queue.submit(desk.move(1))
    desk.writers[0].failures.append(KeyError("planted"))
    with pytest.raises(KeyError, match="planted"):
        desk.queue.submit(desk.move(2))
    books.done(desk.queue.submit(desk.move(3)))
    assert len(desk.writers) == 2
    assert desk.sound() == 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_ledger_that_cannot_be_opened_is_told_and_opened_later(desk: Desk) -> None:
    address = desk.books.address
    desk.books.address = address + ".away"
    with pytest.raises(FileNotFoundError, match="no ledger"):
        desk.queue.submit(desk.move(1))
    desk.books.address = address
    books.done(desk.queue.submit(desk.move(1)))


def test_a_fenced_process_is_told_so_at_each_request(desk: Desk) -> None:
    desk.queue.submit(desk.move(1))
    other = books.engine(desk.books.address)
    fence(other)
    for serial in (2, 3):
        with pytest.raises(Fenced, match="reopen"):
            desk.queue.submit(desk.move(serial))
    assert desk.sound() == 1


def test_too_many_who_wait_are_told_at_once(tmp_path: Path) -> None:
    desk = Desk(str(tmp_path / "ledger.db"), limit=3)
    desk.queue.submit(desk.move(1))
    desk.writers[0].go.clear()
    with ThreadPoolExecutor(8) as clients:
        early = [clients.submit(desk.queue.submit, desk.move(2))]
        until(lambda: desk.writers[0].entered == 2)
        early += [clients.submit(desk.queue.submit, desk.move(n)) for n in (3, 4, 5)]
        until(lambda: desk.queue.waiting.qsize() >= 3)
        with pytest.raises(QueueFull, match="3 requests wait"):
            desk.queue.submit(desk.move(6))
        desk.writers[0].go.set()
        assert all(books.done(one.result()) for one in early)
    desk.queue.close()
    assert desk.sound() == 5


def test_closing_commits_what_waits_and_refuses_what_comes_later(desk: Desk) -> None:
    desk.queue.submit(desk.move(1))
    desk.writers[0].go.clear()
    with ThreadPoolExecutor(8) as clients:
        early = [clients.submit(desk.queue.submit, desk.move(2))]
        until(lambda: desk.writers[0].entered == 2)
        early += [clients.submit(desk.queue.submit, desk.move(n)) for n in range(3, 6)]
        until(lambda: desk.queue.waiting.qsize() >= 3)
        closing = clients.submit(desk.queue.close)
        desk.writers[0].go.set()
        assert all(books.done(one.result()) for one in early)
        closing.result()
    with pytest.raises(QueueClosed, match="closing"):
        desk.queue.submit(desk.move(7))
    assert desk.sound() == 5


@pytest.mark.parametrize(
    ("waiting", "batches"), [(999, [999]), (1_000, [1_000]), (1_001, [1_000, 1])]
)
def test_a_commit_gathers_a_thousand_at_most(desk: Desk, waiting: int, batches: list[int]) -> None:
    for _ in range(waiting):
        desk.queue.waiting.put(_Waiting(desk.move(1)))
    desk.queue.close()  # so that who gathers once too often is told of an end, and does not wait
    assert [len(desk.queue._gather(0)) for _ in (*batches, "end")] == [*batches, 0]


def test_closing_a_queue_that_was_never_used_returns(tmp_path: Path) -> None:
    Queue(lambda: books.writer(str(tmp_path / "none.db"))).close()
