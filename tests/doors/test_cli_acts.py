"""A registry operator's first hour at the command line, and what happens when a finger slips."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.doors.desk import HEAD, MOVE, Desk


def test_transfer_as_an_operator_types_it(desk: Desk) -> None:
    dry = desk.ok("transfer", "500", "--lot", "TCER-2025-1", *MOVE, "--dry-run")
    assert "Nothing was written" in dry
    assert "501-1000" in dry
    assert desk.json("holdings", "Solar Co")["quantity"] == 1000
    done = desk.json("transfer", "500", "--lot", "TCER-2025-1", *MOVE)
    assert done["ledger"] == "tw"
    assert done["entry"] == HEAD + 1
    assert [(m["serials"], m["quantity"]) for m in done["moved"]] == [("501-1000", 500)]
    assert [b["quantity"] for b in done["balances"]] == [500, 500]
    assert done["checkpoint"]["size"] == HEAD + 1


def test_the_balance_of_a_dry_run_is_that_of_the_act(desk: Desk) -> None:
    line = ("transfer", "300", "--lot", "1", *MOVE)
    dry, done = desk.json(*line, "--dry-run"), desk.json(*line)
    assert dry["balances"] == done["balances"]
    assert dry["moved"] == done["moved"]


def test_serials_and_items(desk: Desk) -> None:
    done = desk.json("transfer", "--lot", "1", "--serials", "1-10", "--serials", "21", *MOVE)
    assert [m["serials"] for m in done["moved"]] == ["1-10", "21"]
    done = desk.json("transfer", "--item", "TCER-2025-1:11-12", "--item", "1=1,0", *MOVE, code=2)
    assert "no amount" in done["error"]["en"]
    done = desk.json("transfer", "--item", "TCER-2025-1:11-12", "--item", "1=10", *MOVE)
    assert [m["serials"] for m in done["moved"]] == ["11-12", "991-1000"]


@pytest.mark.parametrize("amount", ["1,000", "1_000", "1000", "1 000"])
def test_amounts_with_separators(desk: Desk, amount: str) -> None:
    assert desk.json("transfer", amount, "--lot", "1", *MOVE)["moved"][0]["quantity"] == 1000


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("5.5", "no whole number"),
        ("-3", "below zero"),
        ("5O0", "did you mean 500"),
        ("l00", "did you mean 100"),
        ("５００", "plain digits"),
        ("1,00", "no amount"),
        ("1.000", "thousands are written"),
        ("many", "no amount"),
        ("", "no amount"),
        ("1e3", "no amount"),
        ("0x10", "no amount"),
    ],
)
def test_a_slip_of_the_finger_is_named(desk: Desk, typed: str, said: str) -> None:
    done = desk("transfer", typed, "--lot", "TCER-2025-1", *MOVE)
    assert done.exit_code == 2
    assert said in done.stderr
    assert desk.json("log")["head"] == HEAD


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("500", *MOVE), "Which lot?"),
        (("500", "--lot", "1", "--serials", "1-5", *MOVE), "either an amount"),
        (("--lot", "1", *MOVE), "either an amount"),
        (MOVE, "Of what?"),
        (("--lot", "1", "--serials", "5-O", *MOVE), "no range"),
        (("--item", "TCER-2025-1", *MOVE), "no item"),
        (("5", "--lot", "TCER-2024-1", *MOVE), "no lot"),
        (("5", "--lot", "1", "--from", "Nobody", "--to", "Buyer"), "Nobody"),
        (("5", "--lot", "1", "--effective", "31/12/2025", *MOVE), "no day"),
        (("5", "--lot", "1", "--as", "Nobody", *MOVE), "Nobody"),
    ],
)
def test_what_is_missing_or_unclear_is_named(
    desk: Desk, options: tuple[str, ...], said: str
) -> None:
    done = desk("transfer", *options)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_mistyped_account_number_says_so(desk: Desk) -> None:
    rows = desk.json("account", "list")["rows"]
    mine = str(next(row["account"] for row in rows if row["kind"] == "entity"))
    wrong = mine[:-1] + str((int(mine[-1]) + 1) % 10)
    done = desk("transfer", "5", "--lot", "1", "--from", wrong, "--to", "Buyer")
    assert done.exit_code == 2
    assert "mistyped" in done.stderr


def test_a_refusal_has_code_facts_and_both_languages(desk: Desk) -> None:
    refusal = desk.json("transfer", "2000", "--lot", "1", *MOVE, code=1)["refusal"]
    assert refusal["code"] == "not_enough_free"
    assert refusal["facts"]["free"] == 1000
    assert "TCER-2025-1" in refusal["en"]
    assert "可用" in refusal["zh"]
    zh = desk("transfer", "2000", "--lot", "1", *MOVE, "--lang", "zh")
    assert "不受理" in zh.output
    assert "不受理" in desk("transfer", "2000", "--lot", "1", *MOVE,
                            env={"ONETONNE_LANG": "zh-TW"}).output  # fmt: skip


def test_a_refusal_names_who_holds_and_which_end(desk: Desk) -> None:
    desk.ok("retire", "--lot", "1", "--serials", "1-5", "--from", "Solar Co", "--for", "ACME",
            "--period", "2025")  # fmt: skip
    done = desk("transfer", "--lot", "1", "--serials", "5", *MOVE)
    assert done.exit_code == 1
    assert "5 by retirement" in " ".join(done.output.split())


def test_a_key_is_done_once(desk: Desk) -> None:
    line = ("transfer", "5", "--lot", "1", *MOVE, "--key", "k1")
    assert desk.json(*line)["repeated"] is False
    again = desk.json(*line)
    assert (again["repeated"], again["entry"]) == (True, HEAD + 1)
    other = desk.json("transfer", "6", "--lot", "1", *MOVE, "--key", "k1", code=1)
    assert other["refusal"]["code"] == "key_reused"


@pytest.mark.parametrize("line", [("account", "open"), ("person", "add")])
def test_what_gets_a_number_is_made_once_under_its_key(desk: Desk, line: tuple[str, str]) -> None:
    first = desk.json(*line, "Foo", "--key", "k1")
    again = desk.json(*line, "Foo", "--key", "k1")
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert again["events"] == first["events"]
    other = desk.json(*line, "Bar", "--key", "k1", code=1)
    assert other["refusal"]["code"] == "key_reused"
    made = [desk.json(*line, "Foo", *key) for key in (("--key", "k2"), (), ())]
    assert [one["entry"] for one in made] == [HEAD + 2, HEAD + 3, HEAD + 4]


def test_a_key_that_is_no_text_is_refused_as_such(desk: Desk) -> None:
    told = desk.json("account", "open", "Foo", "--key", "k\udc80", code=2)
    assert "no UTF-8" in told["error"]["en"]


def test_a_repeat_may_spell_out_a_default(desk: Desk) -> None:
    line = ("retire", "5", "--lot", "1", "--from", "Solar Co", "--for", "ACME", "--period", "2025",
            "--key", "o-80")  # fmt: skip
    assert desk.json(*line)["repeated"] is False
    assert desk.json(*line, "--purpose", "voluntary_claim")["repeated"] is True


def test_ends_and_conversion(desk: Desk) -> None:
    take = ("10", "--lot", "1", "--from", "Solar Co")
    ended = desk.json("cancel", *take, "--kind", "voluntary", "--reason", "ours")
    assert ended["moved"][0]["end"] == "voluntary"
    spring = ("--effective", "2026-05-01", "--cites", "decision 1")
    desk.json("issue", "10", "--unit", "KAU", "--to", "Solar Co", "--vintage", "2025",
              "--fact", "system=KR", "--fact", "period=2025", *spring)  # fmt: skip
    desk.json("ets", "operator", "KR-1", "--system", "KR", "--account", "Solar Co")
    own = ("--from", "Solar Co", "--system", "KR", "--period", "2025", "--operator", "KR-1")
    ended = desk.json("surrender", "4", "--lot", "2", *own, *spring)
    assert ended["moved"][0]["end"] == "surrender"
    refused = desk.json("convert", *take, "--rule", "CER-EUA-CP2", code=1)
    assert refused["refusal"]["code"] in ("rule_not_in_force", "rule_does_not_fit")


def test_correct_gives_back(desk: Desk) -> None:
    desk.ok("transfer", "10", "--lot", "1", *MOVE)
    desk.ok("correct", str(HEAD + 1), "--reason", "wrong buyer", "--item", "TCER-2025-1:1000")
    assert desk.json("holdings", "Buyer")["quantity"] == 9
    assert desk.json("correct", "1", "--reason", "x", code=1)["refusal"]["facts"]["entry"] == 1


BASKET = """\
basket:
- transfer: {source: Solar Co, target: Buyer, items: ["TCER-2025-1=100"]}
- retire: {source: Buyer, items: [{lot: TCER-2025-1, quantity: 20}], beneficiary: X, period: "2025"}
"""


def test_a_basket_is_one_entry_or_none(desk: Desk) -> None:
    Path("b.yaml").write_text(BASKET)
    assert desk.json("basket", "b.yaml", "--dry-run")["entry"] == HEAD + 1
    done = desk.json("basket", "b.yaml")
    assert done["entry"] == HEAD + 1
    assert done["certificates"] == [1]
    Path("b.yaml").write_text(BASKET.replace("20}", "2000}"))
    no = desk.json("basket", "b.yaml", code=1)["refusal"]
    assert (no["code"], no["facts"]["act_number"], no["facts"]["act_kind"]) == (
        "not_enough_free", 2, "retire"
    )  # fmt: skip
    assert no["en"].startswith("Act 2 (retire): Account ")
    assert no["zh"].startswith("第 2 項（註銷使用）：帳戶 ")
    assert desk.json("log")["head"] == HEAD + 1


def test_a_basket_and_a_proposal_name_the_act_that_somebody_may_not_ask_for(desk: Desk) -> None:
    desk.ok("person", "add", "Ann")
    desk.ok("account", "open", "Mine", "--agent", "Ann", "--as", "Mei")
    desk.ok("transfer", "10", "--lot", "1", "--from", "Solar Co", "--to", "Mine", "--as", "Mei")
    own = '- transfer: {source: Mine, target: Buyer, items: ["TCER-2025-1=1"]}'
    Path("b.yaml").write_text("\n".join(["basket:", own, BASKET.splitlines()[1]]))
    for line in (("basket", "b.yaml"), ("propose", "basket", "b.yaml")):
        no = desk.json(*line, "--as", "Ann", code=1)["refusal"]
        assert (no["code"], no["facts"]["act_number"], no["facts"]["act_kind"]) == (
            "not_permitted", 2, "transfer"
        )  # fmt: skip
    wrong = BASKET.replace("source: Buyer", "source: Nobody")
    Path("b.yaml").write_text(wrong)
    error = desk.json("basket", "b.yaml", "--as", "Mei", code=2)["error"]
    assert error["en"].startswith("b.yaml, act 2 (retire): There is no account 'Nobody' here")
    assert error["zh"].startswith("b.yaml，第 2 項（註銷使用）：本帳本沒有帳戶")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[]", 2),
        ('{"basket": []}', 2),
        ('{"basket": [{"tansfer": {}}]}', 2),
        ('{"basket": [{"transfer": 5}]}', 2),
        ('{"basket": [{"transfer": {"source": "Solar Co", "bogus": 1}}]}', 2),
        ('{"basket": [{"transfer": {"source": "Nobody"}}]}', 2),
        ('{"basket": [{"transfer": {"source": "Solar Co", "target": "Buyer", "items": 7}}]}', 2),
        ('{"basket": [', 3),
        ("\x00\xff", 3),
    ],
)
def test_a_basket_that_cannot_be_read(desk: Desk, text: str, code: int) -> None:
    Path("b.json").write_text(text)
    done = desk("basket", "b.json")
    assert done.exit_code == code, done.output
    assert json.loads(desk("log", "--json").stdout)["head"] == HEAD


def test_an_act_that_moves_nothing_says_which_serials_and_what_stays_free(desk: Desk) -> None:
    set_ = ("lock", "set", "pledge", "10", "--lot", "1", "--from", "Solar Co", "--lift-by", "Mei")
    dry, done = desk.json(*set_, "--dry-run"), desk.json(*set_)
    wanted = [{"act": "locked", "lot": "TCER-2025-1", "serials": "991-1000", "quantity": 10,
               "metric": "tCO2e"}]  # fmt: skip
    assert dry["marked"] == done["marked"] == wanted
    assert [b["free"] for b in dry["balances"]] == [b["free"] for b in done["balances"]] == [990]
    assert "986-995" in desk.ok("lock", "set", "freeze", "--serials", "986-995", "--lot", "1",
                                 "--from", "Solar Co", "--dry-run")  # fmt: skip
    stacked = ("lock", "set", "freeze", "--serials", "986-995", "--lot", "1", "--from", "Solar Co")
    assert desk.json(*stacked, "--dry-run")["balances"][0]["free"] == 985
    lifted = desk.json("lock", "lift", "1", "--as", "Mei", "--dry-run")
    assert lifted["balances"][0]["free"] == 1000


def test_a_repeat_that_is_dry_tells_what_stands(desk: Desk) -> None:
    line = ("transfer", "5", "--lot", "1", *MOVE, "--key", "k1")
    done = desk.json(*line)
    again = desk.json(*line, "--dry-run")
    assert again["repeated"] is True
    assert again["balances"] == done["balances"]
    assert "Done before" in desk.ok(*line, "--dry-run")
