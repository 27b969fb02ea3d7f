"""Days are exact to the microsecond, however often they are asked for."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from onetonne.base.days import Today, day_of, to_instant

CHANGES = [
    # The last instants of a day and of a clock's time, in UTC.
    ("UTC", datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    ("Asia/Taipei", datetime(2026, 3, 31, 15, 59, 59, 999_999, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 7, 1, 18, 14, 59, 999_999, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 13, 29, 59, 999_999, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 9, 59, 59, 999_999, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "last"), CHANGES)
def test_today_changes_at_the_instant_at_which_the_day_does(zone: str, last: datetime) -> None:
    today, where = Today(ZoneInfo(zone)), ZoneInfo(zone)
    end = to_instant(last)
    days = [today(end + more) for more in (-1, 0, 1, 2, 60_000_000)]
    assert days == [day_of(end + more, where) for more in (-1, 0, 1, 2, 60_000_000)]
    assert days[1] != days[2]
    assert today(end - 86_400_000_000) <= days[0] - timedelta(days=1)


def test_the_first_instant_asked_for_may_be_any() -> None:
    assert Today(ZoneInfo("UTC"))(-1) == day_of(-1, ZoneInfo("UTC"))
