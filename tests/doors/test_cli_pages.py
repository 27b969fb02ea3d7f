"""The reference says what the program does; every command speaks both languages and JSON."""

from __future__ import annotations

from typing import Any

import pytest
from tests.doors.desk import Desk
from typer.core import TyperGroup
from typer.main import get_command

from onetonne.doors.cli.app import MODULE, app
from onetonne.ledger.commands import BY_NAME
from tools import cli_pages

ROOT: Any = get_command(app)
ACTS = {"enrol": "person add", "dismiss": "person dismiss", "open_account": "account open",
        "close_account": "account close", "register_project": "project register",
        "lock": "lock set", "lift": "lock lift", "observe": "import",
        "register_operator": "ets operator", "change_operator": "ets change",
        "group_operators": "ets group", "set_cap": "ets cap", "allocate": "ets allocate",
        "set_figure": "ets figure", "report_emissions": "ets emissions",
        "return_excess": "ets return", "recognise": "ets recognise",
        "withdraw_recognition": "ets withdraw", "settle_duty": "ets settle",
        "record_payment": "ets pay",
        "register_approach": "a6 approach", "declare_participation": "a6 party",
        "record_ndc": "a6 ndc", "record_inventory": "a6 inventory", "authorise": "a6 authorise",
        "change_authorisation": "a6 change", "revoke_authorisation": "a6 revoke",
        "use_towards_ndc": "a6 use", "use_for_purpose": "a6 use-for",
        "choose_policy": "a6 choose",
        "submit_activity": "a6 submit", "advance_activity": "a6 step",
        "verify_reductions": "a6 certify", "issue_credits": "a6 issue",
        "forward_credits": "a6 forward", "declare_boundary": "a6 boundary",
        "change_route": "a6 route", "report_reversal": "a6 reversal",
        "remedy_reversal": "a6 remedy", "settle_buffer": "a6 end-buffer",
        "use_earlier": "a6 use-cers",
        "record_contribution": "a6 contribute",
        "withdraw_contribution": "a6 withdraw-contribution",
        "record_plan": "a6 record-plan", "suspend_authorisation": "a6 suspend",
        "resume_authorisation": "a6 resume", "withdraw_entity": "a6 withdraw-entity",
        "open_recall": "a6 recall", "consent_to_recall": "a6 consent",
        "close_period": "a6 close", "record_agreement": "a6 agreement",
        "set_levy_policy": "a6 levy"}  # fmt: skip


def commands(group: Any = ROOT, before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in group.list_commands(group.context_class(group)):
        command = group.get_command(group.context_class(group), name)
        path = f"{before}{name}"
        nested = isinstance(command, TyperGroup) and name != "propose"
        found |= commands(command, f"{path} ") if nested else {path: command}
    return found


COMMANDS = commands()


def test_the_reference_is_in_step() -> None:
    assert cli_pages.CLI.read_text("utf-8") == cli_pages.cli_page(), (
        "run: python -m tools.cli_pages"
    )
    assert cli_pages.REFUSALS.read_text("utf-8") == cli_pages.refusals_page()


def test_every_act_has_a_command() -> None:
    assert {ACTS.get(name, name) for name in BY_NAME} - set(COMMANDS) == set()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_json_language_and_ledger(name: str) -> None:
    command = COMMANDS[name]
    if name != "propose":
        options = {option for param in command.params for option in param.opts}
        assert {"--json", "--lang", "--as", "--ledger"} <= options
    assert any("\u4e00" <= c <= "\u9fff" for c in command.help), "help in both languages"


@pytest.mark.parametrize("name", sorted(MODULE))
def test_help_fits_80_columns(desk: Desk, name: str) -> None:
    said = desk.ok(name, "--help")
    assert all(len(line) <= 80 for line in said.splitlines())


def test_a_command_that_the_page_lacks_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(MODULE, "cancel")
    assert cli_pages.CLI.read_text("utf-8") != cli_pages.cli_page()
