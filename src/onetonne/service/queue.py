"""Group commit: many client threads, one committing thread, one flush for all who wait.

`submit` returns when its request is durable. While one batch commits the next gathers, so
the cost of a flush is shared. A commit that fails is the failure of exactly those who
waited on it; the next batch starts from what the store holds.
"""

import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from time import monotonic

from onetonne.ledger.commands import Request
from onetonne.service.execute import Answer, Fenced, Writer
from onetonne.store.faults import StoreDamaged, StoreError, StoreRefused

MAX_GATHERED = 1_000
"""Requests of one commit: beyond it a batch saves nothing and every client waits longer."""
MAX_WAITING = 10_000
"""Requests that may wait; beyond it a client is told at once rather than after a minute."""
LINGER = 0.002
"""Seconds to wait for clients who were answered together and will soon ask again."""


class QueueFull(RuntimeError):
    """Too many requests wait already; nothing was done with this one. Send it again later."""


class QueueClosed(RuntimeError):
    """The queue ended before this request was taken up; nothing of it was written."""


class _Waiting:
    """One request on its way, and the lock that its client waits on."""

    __slots__ = ("answer", "done", "error", "request")

    def __init__(self, request: Request) -> None:
        self.request = request
        self.answer: Answer | None = None
        self.error: BaseException | None = None
        self.done = threading.Lock()
        self.done.acquire()

    def fail(self, error: BaseException) -> None:
        self.error = error
        self.done.release()


class Queue:
    """The one way to a ledger for the threads of a process. Close it, or use `with`.

    `open_writer` is called in the committing thread, whose connection it is; should a defect
    end that thread, the next request starts another.
    """

    def __init__(self, open_writer: Callable[[], Writer], limit: int = MAX_WAITING) -> None:
        self.open_writer, self.limit = open_writer, limit
        self.waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, request: Request) -> Answer:
        """The answer, an entry or a refusal, when it is durable.

        Raises QueueFull, QueueClosed, Fenced, or the StoreError of the commit.
        """
        mine = _Waiting(request)
        with self._gate:
            if self._closed:
                raise QueueClosed("the ledger is closing; nothing was written, send again")
            if self.waiting.qsize() >= self.limit:
                raise QueueFull(f"{self.limit} requests wait already; send again in a moment")
            self.waiting.put(mine)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="commit", daemon=True)
                self._thread.start()
        mine.done.acquire()
        if mine.error is not None:
            # Each client raises its own: a shared one would gather everybody's traceback.
            raise type(mine.error)(*mine.error.args) from mine.error
        assert mine.answer is not None
        return mine.answer

    def close(self) -> None:
        """Commit what waits, then end; later requests are told that the queue is closed."""
        with self._gate:
            self._closed = True
            thread = self._thread
            self.waiting.put(None)
        if thread is not None:
            thread.join()

    def __enter__(self) -> "Queue":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        """Commit batches until closed. Whatever ends the thread, nobody waits for ever."""
        batch: list[_Waiting] = []
        writer: Writer | None = None
        try:
            while batch := self._gather(len(batch)):
                writer = self._commit(writer, batch)
        except BaseException as error:
            self._abandon(batch, error)
            raise
        finally:
            if writer is not None:
                writer.db.close()

    def _abandon(self, batch: Sequence[_Waiting], error: BaseException) -> None:
        """A defect, not a fault of the store: tell all who wait, and make way for a new thread."""
        rest: list[_Waiting] = []
        with self._gate:
            self._thread = None
            while self.waiting.qsize():
                waiting = self.waiting.get()
                rest += [waiting] if waiting is not None else []
        for one in (*batch, *rest):
            if one.answer is None and one.error is None:
                one.fail(error)

    def _gather(self, before: int) -> list[_Waiting]:
        """Whoever waits, once someone does; empty when the queue is closed and done.

        Clients of one batch return together: as many as `before` are given LINGER to do so.
        """
        batch: list[_Waiting] = []
        end = 0.0
        waiting = self.waiting.get()
        while waiting is not None:
            batch.append(waiting)
            if len(batch) == MAX_GATHERED:
                return batch
            try:
                waiting = self.waiting.get_nowait()
            except Empty:
                if len(batch) >= before:
                    return batch
                end = end or monotonic() + LINGER
                try:
                    waiting = self.waiting.get(timeout=max(end - monotonic(), 0))
                except Empty:
                    return batch
        self.waiting.put(None)  # closing: met again when this batch is done
        return batch

    def _commit(self, writer: Writer | None, batch: Sequence[_Waiting]) -> Writer | None:
        """Answer one batch; returns the writer to go on with."""
        try:
            writer = writer or self.open_writer()
            answers = writer.execute([waiting.request for waiting in batch])
        except (StoreError, Fenced, ValueError) as error:
            if (
                isinstance(error, StoreRefused | StoreDamaged | ValueError)
                and writer
                and len(batch) > 1
            ):
                for waiting in batch:  # one of them is at fault; each alone shows which
                    self._commit(writer, (waiting,))
                return writer
            for waiting in batch:
                waiting.fail(error)
            return writer
        for waiting, answer in zip(batch, answers, strict=True):
            waiting.answer = answer
            waiting.done.release()
        return writer
