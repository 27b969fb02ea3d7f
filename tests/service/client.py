"""A client process of its own: `python -m tests.service.client ADDRESS`.

It reads one JSON list of requests, says `ready`, waits for a line, sends the requests one by one,
and prints one JSON list of what it was told: [entry's sequence or 0, refusal's code, repeated, room
that a limit left or -1].
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from tests.service import books

from onetonne.ledger.commands import Request

ROOT = Path(__file__).resolve().parent.parent.parent
Told = tuple[int, str, bool]
Heard = tuple[int, str, bool, int]


def main() -> None:
    writer = books.writer(sys.argv[1])
    requests = msgspec.json.decode(sys.stdin.readline(), type=list[Request])
    print("ready", flush=True)
    sys.stdin.readline()
    told: list[Heard] = []
    for request in requests:
        answer = writer.execute([request])[0]
        seq = answer.entry.seq if answer.entry else 0
        refusal = answer.refusal
        room = int(refusal.facts.get("room", -1)) if refusal else -1
        told.append((seq, refusal.code if refusal else "", answer.repeated, room))
    print(msgspec.json.encode(told).decode(), flush=True)


def at_once(address: str, requests: Sequence[Sequence[Request]]) -> list[list[Told]]:
    """What each of several processes was told, all starting at the same moment."""
    return [[heard[:3] for heard in mine] for mine in heard_at_once(address, requests)]


def heard_at_once(address: str, requests: Sequence[Sequence[Request]]) -> list[list[Heard]]:
    """The same, with the room that a refusal names."""
    clients = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.service.client", address],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in requests
    ]  # fmt: skip
    try:
        for client, mine in zip(clients, requests, strict=True):
            assert client.stdin
            client.stdin.write(msgspec.json.encode(mine) + b"\n")
            client.stdin.flush()
        for client in clients:
            assert client.stdout
            assert client.stdout.readline() == b"ready\n"
        for client in clients:
            assert client.stdin
            client.stdin.write(b"go\n")
            client.stdin.flush()
        answers = []
        for client in clients:
            assert client.stdout
            answers.append(msgspec.json.decode(client.stdout.readline(), type=list[Heard]))
        return answers
    finally:
        for client in clients:
            client.kill()
            client.communicate()


if __name__ == "__main__":
    main()
