"""A nursery of processes under load: `python -m tests.service.load ADDRESS LOG ACKNOWLEDGED`.

Each line it reads (a seed) is a child it forks, and prints; that child sends random requests from
several threads and writes `key seq` to the file ACKNOWLEDGED when it is told that one is durable.
It publishes the log meanwhile, and asks again under the same key whenever an answer was lost.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Generator
from itertools import count
from pathlib import Path

import msgspec
import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.service import books

from onetonne.base.notes import Signer
from onetonne.ledger.commands import Act, Issue, Item, Lift, Lock, Request, Retire, Transfer
from onetonne.service.execute import Answer
from onetonne.service.queue import Queue
from onetonne.store.faults import StoreError
from onetonne.store.publish import publish

THREADS = 4
SIGNER = Signer("registry.example/test", Ed25519PrivateKey.from_private_bytes(b"\7" * 32))


class Load(msgspec.Struct):
    """What a child needs to know of the books; JSON on the nursery's first line."""

    address: str
    log: str
    acknowledged: str
    registrar: int
    accounts: list[int]
    lots: int


def main() -> None:
    load = msgspec.json.decode(sys.stdin.readline(), type=Load)
    books.law()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                run(load, int(line))
            finally:
                os._exit(1)
        print(child, flush=True)


def run(load: Load, seed: int) -> None:
    """Send until killed."""
    queue = Queue(lambda: books.writer(load.address))
    file = os.open(load.acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    threading.Thread(target=keep_publishing, args=(load,), daemon=True).start()
    for number in range(THREADS):
        draw = random.Random(f"{seed}/{number}")
        threading.Thread(target=send, args=(queue, load, draw, f"{seed}/{number}", file)).start()
    threading.Event().wait()


def send(queue: Queue, load: Load, draw: random.Random, name: str, file: int) -> None:
    wishes = acts_of(load, draw)
    acts = next(wishes)
    for number in count():
        request = Request(by=load.registrar, acts=acts, key=f"{name}/{number}")
        while True:
            try:
                answer = queue.submit(request)
                break
            except StoreError:
                time.sleep(0.01)
        if answer.entry:
            os.write(file, f"{request.key} {answer.entry.seq}\n".encode())
        acts = wishes.send(answer)


def acts_of(load: Load, draw: random.Random) -> Generator[tuple[Act, ...], Answer, None]:
    """Moves to and fro, baskets, locks set and lifted, now and then an issuance, a retirement."""
    for number in open_locks(load):
        yield (Lift(lock=number),)
    while True:
        source, target, third = draw.sample(load.accounts, 3)
        items = (Item(lot=draw.randint(1, load.lots), quantity=draw.randint(1, 9)),)
        move = Transfer(source=source, target=target, items=items)
        kind = draw.random()
        if kind < 0.6:
            yield (move,)
        elif kind < 0.8:
            yield (move, Transfer(source=target, target=third, items=items))
        elif kind < 0.99:
            answer = yield (
                Lock(source=source, items=items, kind="pledge", lift_by=load.registrar),
            )
            locked = [e.lock for e in answer.entry.events] if answer.entry else []
            for number in locked:
                yield (Lift(lock=number),)
        elif kind < 0.995:
            yield (Issue(unit="TCER", quantity=9, account=source, project="TW-1", vintage=2024),)
        else:
            one = (Item(lot=items[0].lot, quantity=1),)
            yield (Retire(source=source, items=one, beneficiary="B", period="2025"),)


def open_locks(load: Load) -> list[int]:
    """Some of what a child that was killed left locked."""
    try:
        db = books.engine(load.address)
        found = db.query("SELECT lock FROM locks WHERE lifted = 0 LIMIT 5")
        db.close()
    except (StoreError, psycopg.Error):
        return []
    return [number for (number,) in found]


def keep_publishing(load: Load) -> None:
    while True:
        with contextlib.suppress(StoreError, psycopg.Error):
            publish_from(load.address, Path(load.log))
        time.sleep(0.02)


def publish_from(address: str, log: Path) -> None:
    """Bring the published log up to the journal."""
    db = books.engine(address)
    sql = "SELECT hash, entry FROM journal WHERE seq > ? ORDER BY seq"
    try:
        publish(log, lambda start: ((bytes(h), bytes(e)) for h, e in db.stream(sql, (start,))),
                SIGNER)  # fmt: skip
    finally:
        db.close()


if __name__ == "__main__":
    main()
