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


def iso(instant: int) -> str:
    """An instant as text, to the second, in UTC: 2026-11-21T21:40:32Z."""
    return to_moment(instant).strftime("%Y-%m-%dT%H:%M:%SZ")
