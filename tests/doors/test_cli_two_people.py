"""Locks, labels, and acts that two people must want."""

from __future__ import annotations

import pytest
from tests.doors.desk import MOVE, Desk

PROPOSE = ("propose", "transfer", "500", "--lot", "TCER-2025-1", *MOVE)


@pytest.fixture
def two(desk: Desk) -> Desk:
    desk.ok("person", "add", "Ann", "--role", "registrar")
    return desk


def test_who_acts_must_be_said_where_there_are_two(two: Desk) -> None:
    done = two("transfer", "5", "--lot", "1", *MOVE)
    assert done.exit_code == 2
    assert "--as" in done.stderr
    assert two("transfer", "5", "--lot", "1", *MOVE, env={"ONETONNE_AS": "Mei"}).exit_code == 0


def test_a_proposal_holds_its_serials_until_another_approves(two: Desk) -> None:
    made = two.json(*PROPOSE, "--as", "Mei")
    assert made["moved"] == []
    assert [p["proposal"] for p in two.json("proposals")["proposals"]] == [1]
    locked = two.json("transfer", "--lot", "1", "--serials", "1000", *MOVE, "--as", "Mei", code=1)
    assert locked["refusal"]["code"] == "locked"
    assert two.json("approve", "1", "--as", "Mei", code=1)["refusal"]["code"] == "same_person"
    assert two.json("approve", "1", "--as", "Ann")["moved"][0]["serials"] == "501-1000"
    assert two.json("proposals")["proposals"] == []


def test_reject_and_withdraw(two: Desk) -> None:
    two.ok(*PROPOSE, "--as", "Mei")
    two.ok("reject", "1", "--reason", "no", "--as", "Ann")
    two.ok(*PROPOSE, "--as", "Mei")
    assert two.json("withdraw", "2", "--as", "Ann", code=1)["refusal"]["code"] == "not_proposer"
    two.ok("withdraw", "2", "--as", "Mei")
    assert two.json("holdings", "Solar Co")["by_status"] == {"held": 1000}


def test_a_dry_proposal_writes_nothing(two: Desk) -> None:
    assert two.json(*PROPOSE, "--dry-run", "--as", "Mei")["dry_run"] is True
    assert two.json("proposals")["proposals"] == []


def test_what_is_not_due_does_not_expire(two: Desk) -> None:
    two.ok("propose", "--until", "2999-01-01", *PROPOSE[1:], "--as", "Mei")
    assert two.json("expire", "--as", "Mei")["due"] == 0
    assert two.json("proposals")["proposals"][0]["until"] == "2999-01-01"


def test_locks_are_set_listed_and_lifted(two: Desk) -> None:
    take = ("100", "--lot", "1", "--from", "Solar Co")
    two.ok("lock", "set", "pledge", *take, "--lift-by", "Ann", "--reason", "loan", "--as", "Mei")
    (row,) = two.json("lock", "list")["locks"]
    assert (row["kind"], row["blocks"], row["reason"]) == (
        "pledge", ["TCER-2025-1:901-1000"], "loan",
    )  # fmt: skip
    assert two.json("lock", "lift", "1", "--as", "Mei", code=1)["refusal"]["code"] == (
        "lock_not_yours"
    )
    two.ok("lock", "lift", "1", "--as", "Ann")
    assert two.json("lock", "list")["locks"] == []


def test_labels_are_written_once(desk: Desk) -> None:
    line = ("label", "first_use", "--lot", "1", "--serials", "1-10", "--value", "2025")
    desk.ok(*line)
    assert desk.json(*line, code=1)["refusal"]["code"] == "label_written"
    assert desk.json("label", "bogus", "--lot", "1", code=1)["refusal"]["code"] == "unknown_kind"


def test_people_come_and_go(two: Desk) -> None:
    two.ok("person", "dismiss", "Ann", "--as", "Mei")
    assert sorted(row["active"] for row in two.json("person", "list")["rows"]) == [False, True]
    assert two("transfer", "5", "--lot", "1", *MOVE, "--as", "Ann").exit_code == 2
    assert two("transfer", "5", "--lot", "1", *MOVE).exit_code == 0
