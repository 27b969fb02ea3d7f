"""A registry operator's first hour at the command line, and what happens when a finger slips."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from onetonne.doors.cli import app

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line on a ledger with two accounts and one lot of 1,000."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONETONNE_LEDGER", "tw")
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("ONETONNE_AS", "ONETONNE_LANG", "LANG"):
        monkeypatch.delenv(name, raising=False)
    runner = CliRunner()

    def call(*args: str, env: dict[str, str] | None = None) -> Result:
        return runner.invoke(app, list(args), env=env)

    for line in (
        ("init", "--party", "TW", "--registrar", "Mei"),
        ("account", "open", "Solar Co"),
        ("account", "open", "Buyer"),
        ("project", "register", "TW-1", "--methodology", "TM001"),
        ("issue", "1,000", "--unit", "TCER", "--to", "Solar Co", "--project", "TW-1",
         "--vintage", "2025"),
    ):  # fmt: skip
        done = call(*line)
        assert done.exit_code == 0, done.output
    return call


def told(done: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


MOVE = ("--from", "Solar Co", "--to", "Buyer")


def test_transfer_as_an_operator_types_it(run: Run) -> None:
    dry = run("transfer", "500", "--lot", "TCER-2025-1", *MOVE, "--dry-run")
    assert dry.exit_code == 0
    assert "Nothing was written" in dry.output
    assert "501-1000" in dry.output
    assert told(run("holdings", "Solar Co", "--json"))["quantity"] == 1000
    done = told(run("transfer", "500", "--lot", "TCER-2025-1", *MOVE, "--json"))
    assert done["ledger"] == "tw"
    assert done["entry"] == 6
    assert [(m["serials"], m["quantity"]) for m in done["moved"]] == [("501-1000", 500)]
    assert [b["quantity"] for b in done["balances"]] == [500, 500]
    assert done["checkpoint"]["size"] == 6


@pytest.mark.parametrize("amount", ["1,000", "1_000", "1000"])
def test_amounts_with_separators(run: Run, amount: str) -> None:
    assert told(run("transfer", amount, "--lot", "1", *MOVE, "--json"))["moved"][0][
        "quantity"
    ] == 1000  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("5.5", "no whole number"),
        ("-3", "below zero"),
        ("5O0", "did you mean 500"),
        ("５００", "plain digits"),
        ("1,00", "no amount"),
        ("1.000", "thousands are written"),
        ("many", "no amount"),
        ("", "no amount"),
    ],
)
def test_a_slip_of_the_finger_is_named(run: Run, typed: str, said: str) -> None:
    done = run("transfer", typed, "--lot", "TCER-2025-1", *MOVE)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.output


def test_a_refusal_has_code_facts_and_both_languages(run: Run) -> None:
    done = run("transfer", "2000", "--lot", "1", *MOVE, "--json")
    assert done.exit_code == 1
    refusal = told(done)["refusal"]
    assert refusal["code"] == "not_enough_free"
    assert refusal["facts"]["free"] == 1000
    assert "TCER-2025-1" in refusal["en"]
    assert "可用" in refusal["zh"]
    assert "不受理" in run("transfer", "2000", "--lot", "1", *MOVE, "--lang", "zh").output


def test_no_ledger_here(run: Run) -> None:
    done = run("holdings", "--ledger", "nowhere")
    assert done.exit_code == 3
    assert "onetonne init" in done.stderr
    assert json.loads(run("holdings", "--ledger", "nowhere", "--json").stdout)["error"]["zh"]


def test_a_mistyped_account_number_says_so(run: Run) -> None:
    number = told(run("account", "list", "--json"))["rows"]
    mine = str(next(row["account"] for row in number if row["kind"] == "entity"))
    wrong = mine[:-1] + str((int(mine[-1]) + 1) % 10)
    done = run("transfer", "5", "--lot", "1", "--from", wrong, "--to", "Buyer")
    assert done.exit_code == 2
    assert "mistyped" in done.stderr
