"""The hot path to PostgreSQL: prepared statements sent ahead, answers read in their order.

The driver's own pipeline costs more processor time in a small batch than the kernel does. This
one speaks through the driver's libpq in the same connection, which is an ordinary one again
whenever nothing is on its way.
"""

import select
from collections import deque
from collections.abc import Sequence
from typing import Any, TypeAlias

import psycopg
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, PipelineStatus
from psycopg.pq.abc import PGresult

Row: TypeAlias = tuple[Any, ...]
LARGE = 4_096
"""Bytes of parameters: what is smaller waits for company, for each packet wakes the server."""
_FAILED = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)


MOST = 16_000_000
"""Bytes on their way before answers are waited for, so that a long write keeps no copy here."""


class Sent:
    """A statement on its way, or the preparation of one; its result once that is collected."""

    __slots__ = ("preparing", "result", "soon", "sql")

    def __init__(self, sql: str, preparing: bool = False) -> None:
        self.sql, self.preparing, self.soon = sql, preparing, False
        self.result: PGresult | None = None


class Wire:
    """What one connection was sent and has not answered yet."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection, self.pg = connection, connection.pgconn
        self.names: dict[str, bytes] = {}
        self.count = self.syncs = self.bytes = 0
        self.awaited: deque[Sent] = deque()
        self.arrives = select.poll()
        self.arrives.register(self.pg.socket, select.POLLIN)

    def send(self, sql: str, params: Sequence[bytes] = ()) -> Sent:
        """Send a statement with binary parameters; the server starts on a large one at once."""
        if not self.awaited:
            self.pg.enter_pipeline_mode()
        name = self.names.get(sql)
        if name is None:
            self.count += 1
            name = self.names[sql] = b"wire_%d" % self.count
            self.pg.send_prepare(name, sql.encode())
            self.awaited.append(Sent(sql, preparing=True))
        self.pg.send_query_prepared(name, params, [1] * len(params))
        sent = Sent(sql)
        self.awaited.append(sent)
        size = sum(map(len, params))
        if size >= LARGE:
            self.pg.flush()
        self.bytes += size
        if self.bytes >= MOST:
            self.collect()
        return sent

    def answer_soon(self) -> None:
        """Have what was sent so far answered as it is done, not when all is that is sent later."""
        self.pg.send_flush_request()
        self.pg.flush()
        for sent in self.awaited:
            sent.soon = True

    def collect(self, failed: PGresult | None = None) -> None:
        """Wait for the results of everything sent. Raises the first error."""
        if not self.awaited:
            return
        self._sync()
        while self.awaited:
            error = self._take()
            failed = failed or error
        self._leave()
        if failed is not None:
            raise error_from_result(failed)

    def rows(self, sent: Sent) -> list[Row]:
        """The rows that a statement answers; what was sent after it stays on its way. Raises its
        error, or that of whatever failed before it."""
        if sent.result is None:
            if sent not in self.awaited:
                raise RuntimeError("a statement that was abandoned has no answer")
            if sent is self.awaited[-1]:
                self.collect()
            elif not sent.soon:
                self.answer_soon()
        while sent.result is None:
            failed = self._take()
            if failed is not None:
                self.collect(failed)
        if sent.result.status in _FAILED:
            raise error_from_result(sent.result)
        reader = Transformer(self.connection)
        reader.set_pgresult(sent.result)
        return reader.load_rows(0, sent.result.ntuples, tuple)

    def hear(self) -> None:
        """Raises OperationalError when the server is known to have hung up; waits for nothing."""
        while self.arrives.poll(0):
            self.pg.consume_input()

    def abandon(self) -> None:
        """Stop what is on its way, unread: an ordinary connection again, or a closed one."""
        if self.pg.status != ConnStatus.OK or self.pg.pipeline_status == PipelineStatus.OFF:
            return
        self.connection.cancel()
        for sent in self.awaited:
            if sent.preparing:
                self.names.pop(sent.sql, None)
        self._sync()
        self._leave()

    def _take(self) -> PGresult | None:
        """Receive the next result of what was sent; return it where it is an error."""
        result = self._next()
        if result is None:
            return None  # the end of one statement's results
        sent = self.awaited.popleft()
        sent.result = result
        if result.status not in _FAILED:
            return None
        if sent.preparing:
            self.names.pop(sent.sql, None)
        return result

    def _sync(self) -> None:
        self.pg.pipeline_sync()
        self.syncs += 1

    def _leave(self) -> None:
        """Read on to the last sync; then the pipeline can be left."""
        while self.syncs:
            result = self._next()
            if result is not None and result.status == ExecStatus.PIPELINE_SYNC:
                self.syncs -= 1
        self.awaited.clear()
        self.bytes = 0
        self.pg.exit_pipeline_mode()

    def _next(self) -> PGresult | None:
        """The next result, waited for so that a signal is heard. Raises OperationalError when
        the connection is lost."""
        while self.pg.is_busy():
            self.arrives.poll(1 if self.pg.flush() else None)
            self.pg.consume_input()
        return self.pg.get_result()
