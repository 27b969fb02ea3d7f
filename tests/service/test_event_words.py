"""Every event has a name in 繁體中文, in one table that all doors read."""

from __future__ import annotations

from typing import get_args

from onetonne.doors.words import word
from onetonne.ledger import events as ev
from onetonne.service.event_words import EVENTS_ZH

ALSO_A_STATUS = {"retired", "surrendered", "converted"}


def test_every_event_has_one_name_in_chinese() -> None:
    tags = {kind.__struct_config__.tag for kind in get_args(ev.Event)}
    assert tags == EVENTS_ZH.keys()
    for tag, text in EVENTS_ZH.items():
        assert any("\u4e00" <= char <= "\u9fff" for char in text), tag
        if tag not in ALSO_A_STATUS:
            assert word(tag, "zh") == text
