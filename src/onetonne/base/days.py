"""Instants and days. An instant is UTC microseconds since 1970; a day is that instant in
the zone of whoever asks (registry, system, Party)."""

from datetime import UTC, date, datetime, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_instant(moment: datetime) -> int:
    """UTC microseconds of an aware datetime."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def to_moment(instant: int) -> datetime:
    """The aware UTC datetime of an instant in microseconds."""
    return _EPOCH + timedelta(microseconds=instant)


def day_of(instant: int, zone: tzinfo) -> date:
    """The calendar day of an instant in a zone."""
    return to_moment(instant).astimezone(zone).date()


class Today:
    """The day of instants that follow each other, in one zone: worked out once a minute, because
    zones have differed by whole minutes since 1972."""

    __slots__ = ("_day", "_minute", "_zone")

    def __init__(self, zone: tzinfo) -> None:
        self._zone, self._day = zone, date.min
        self._minute: int | None = None

    def __call__(self, instant: int) -> date:
        minute = instant // 60_000_000
        if minute != self._minute:
            self._minute, self._day = minute, day_of(instant, self._zone)
        return self._day


def iso(instant: int) -> str:
    """An instant as text, to the second, in UTC: 2026-11-21T21:40:32Z."""
    return to_moment(instant).strftime("%Y-%m-%dT%H:%M:%SZ")
