"""Article 6 at the command line: authorise, sell, use, ask, write and check a letter."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.doors.desk import Desk

from onetonne.service import execute

ALL_MET = [
    word
    for one in ("party", "ndc", "authorisation", "tracking", "inventory", "contribution")
    for word in ("--met", one)
]
LOA = ("--approach", "CA0012", "--party", "gh", "--purpose", "ndc", "--for-party", "ch",
       "--cap", "600", "--use-by", "2999-12-31")  # fmt: skip
SALE = ("--lot", "GS-VER-2024-1", "--from", "Stoves", "--to", "Swiss buyer")


@pytest.fixture
def ghana(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A ledger of Ghana with 1,000 units and a letter for 600 of them to Switzerland."""
    monkeypatch.setenv("ONETONNE_LEDGER", str(tmp_path / "gh"))
    (tmp_path / "loa.pdf").write_bytes(b"a letter")
    document = ("--document", "loa.pdf")
    desk.furnish((
        ("init", "--party", "GH", "--registrar", "Ama"),
        ("account", "open", "Stoves"),
        ("account", "open", "Swiss buyer", "--party", "CH"),
        ("project", "register", "GH-1"),
        ("issue", "1000", "--unit", "GS-VER", "--to", "Stoves", "--project", "GH-1",
         "--vintage", "2024", "--activity", "reduction"),
        ("a6", "approach", "CA0012", "--party", "GH", "--party", "CH"),
        ("a6", "party", "GH", *ALL_MET),
        ("a6", "authorise", "GH-1/26", *LOA, *document),
        ("a6", "ndc", "GH", "2021-2030", "--kind", "multi", "--method", "budget", "--goal",
         "2000", *document),
        ("a6", "ndc", "CH", "2021-2030", "--kind", "single", "--method", "averaging", *document),
        ("a6", "inventory", "GH", "2024", "1000.5", *document),
    ))  # fmt: skip
    return desk


def test_a_sale_is_a_first_transfer_and_the_balance_says_so(ghana: Desk) -> None:
    told = ghana.ok("transfer", "500", *SALE)
    assert "First transfer of 500 units, by transfer, under GH-1/26." in told
    refused = ghana.json("transfer", "500", *SALE, code=1)["refusal"]
    assert (refused["code"], refused["facts"]["free"]) == ("authorisation_cap_exceeded", 100)
    ghana.ok("a6", "use", "100", "--lot", "GS-VER-2024-1", "--from", "Swiss buyer",
             "--party", "CH", "--year", "2026")  # fmt: skip
    host = ghana.json("a6", "balance", "gh")
    year = next(one for one in host["balance"]["years"] if one["year"] == 2024)
    assert (year["adjustment"], year["balance"]) == ("500", "3001/2")
    assert sum(one["first"] for one in host["annual"]) == 500
    buyer = ghana.json("a6", "balance", "CH")
    assert buyer["balance"]["years"][-1]["adjustment"] == "-10"
    assert buyer["balance"]["verdict"] == "indeterminate"
    room = ghana.json("a6", "room", "GH")
    assert (room["room"]["achieved"], room["here"], room["left"]) == (1000, 500, 400)
    (moved,) = ghana.json("a6", "first-transfers", "--party", "GH")["rows"]
    assert (moved["serials"], moved["trigger"]) == ("501-1000", "transfer")


def test_a_dry_run_decides_and_writes_nothing(ghana: Desk) -> None:
    told = ghana.json("transfer", "10", *SALE, "--dry-run")
    assert told["events"][-1]["do"] == "first_transferred"
    assert ghana.json("a6", "first-transfers")["rows"] == []
    told = ghana.json("a6", "revoke", "GH-1/26", "--digest", "ab" * 32, "--dry-run")
    assert told["dry_run"]
    (listed,) = ghana.json("a6", "list")["rows"]
    assert (listed["status"], listed["room"]) == ("in_force", 600)


def test_totals_are_a_table_and_a_file(ghana: Desk, tmp_path: Path) -> None:
    ghana.ok("transfer", "500", *SALE)
    ghana.ok("a6", "totals", "--csv", str(tmp_path / "totals.csv"))
    head, row = (tmp_path / "totals.csv").read_text().splitlines()
    assert head == "party,basis,year,happened,approach,purpose,metric,quantity"
    assert row.startswith("GH,first_transfer,2024,")
    assert row.endswith(",CA0012,NDC,GHG,500")


def test_the_past_is_answered_too(ghana: Desk) -> None:
    ghana.ok("transfer", "500", *SALE)
    before = str(int(ghana.json("a6", "first-transfers")["as_of"]["seq"]) - 1)
    assert ghana.json("a6", "first-transfers", "--asof", before)["rows"] == []
    assert ghana.json("a6", "totals", "--asof", before)["rows"] == []
    assert ghana.json("a6", "totals", "--on", "2020-01-01")["rows"] == []


def test_a_change_is_a_new_version_for_what_is_not_transferred(ghana: Desk) -> None:
    ghana.ok("transfer", "500", *SALE)
    ghana.ok("a6", "change", "GH-1/26", *LOA[:-4], "--cap", "500", "--digest", "ab" * 32)
    refused = ghana.json("transfer", "1", *SALE, code=1)["refusal"]
    assert refused["code"] == "authorisation_cap_exceeded"
    rows = ghana.json("a6", "list")["rows"]
    assert [row["status"] for row in rows] == ["superseded", "exhausted"]


def test_a_letter_is_written_checked_and_refused_once_revoked(ghana: Desk, tmp_path: Path) -> None:
    path = str(tmp_path / "letter.json")
    key = ghana.json("a6", "letter", "GH-1/26", "--out", path)["key"]
    log = ghana.json("checkpoint")["log"]
    told = ghana.json("a6", "letter-check", path, "--key", key, "--day", "2026-06-01", code=1)
    assert told["findings"][0]["code"] == "letter_not_yet"
    told = ghana.json("a6", "letter-check", path, "--key", key, "--log", log)
    assert (told["ok"], told["terms"]["cap"]) == (True, 600)
    late = ghana.json("a6", "letter-check", path, "--key", key, "--day", "3000-01-01", code=1)
    assert late["findings"][0]["code"] == "letter_expired"
    ghana.ok("a6", "revoke", "GH-1/26", "--digest", "ab" * 32, "--reason", "misuse")
    assert "Valid as of checkpoint" in ghana.ok("a6", "letter-check", path, "--key", key)
    told = ghana.json("a6", "letter-check", path, "--key", key, "--log", log, code=1)
    assert told["findings"][0]["code"] == "letter_revoked"
    assert "is revoked" in ghana("a6", "letter", "GH-1/26").output


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (("a6", "balance", "SG"), "Which NDC of SG?"),
        (("a6", "letter", "none"), "There is no authorisation 'none'"),
        (("a6", "ndc", "SG", "2021-x", "--kind", "multi", "--method", "budget"), "no amount"),
        (("a6", "inventory", "SG", "2024", "1"), "Which document says so?"),
        (("a6", "inventory", "BT", "2024", "-5"), "after two dashes: -- -5"),
        (("a6", "ndc", "BT", "2021-2030", "--goal", "-5"), "--goal=-5"),
        (("a6", "may", "XX", "1"), "'XX' is no Party or country code"),
        (("a6", "may", "SG", "1", "--asof", "2"), "There was no lot 1 as of entry 2"),
        (("a6", "stocktake", "--party", "XX"), "'XX' is no Party or country code"),
        (("a6", "contributions", "--party", "XX"), "'XX' is no Party or country code"),
        (("a6", "first-transfers", "--party", "XX"), "'XX' is no Party or country code"),
        (("a6", "change", "GH-1/26", *LOA[:-4], "--cap", "0"), "A cap is 1 or more"),
    ],
)
def test_what_is_mistyped_is_named(ghana: Desk, line: tuple[str, ...], says: str) -> None:
    done = ghana(*line)
    assert done.exit_code not in (0, 70)
    assert says in " ".join(done.output.split())


def test_levels_below_zero_are_recorded(ghana: Desk) -> None:
    ghana.ok("a6", "inventory", "BT", "2024", "--digest", "ab" * 32, "--", "-9383000.5")
    ghana.ok("a6", "ndc", "BT", "2021-2030", "--kind", "single", "--method", "averaging",
             "--goal=-1", "--digest", "ab" * 32)  # fmt: skip
    told = ghana.json("a6", "balance", "BT")
    assert told["figures"]["emissions"] == {"2024": "-18766001/2"}
    assert told["ndc"]["goal"] == "-1"


MAY: dict[tuple[str, str], tuple[str, ...]] = {
    # nationality, lot: refusals to obtain, use for its NDC, for CORSIA, otherwise, claim; "" is yes
    ("CH", "1"): ("", "", "purpose_not_authorised", "purpose_not_authorised", ""),
    ("SG", "1"): ("party_not_authorised",) * 5,
    ("GH", "1"): ("", "", "purpose_not_authorised", "purpose_not_authorised", ""),
    ("JP", "2"): ("", "purpose_not_authorised", "", "purpose_not_authorised", ""),
    ("CH", "2"): ("", "purpose_not_authorised", "", "purpose_not_authorised", ""),
    ("KR", "3"): ("", "not_authorised", "not_authorised", "not_authorised", ""),
    ("GH", "3"): ("", "", "not_authorised", "not_authorised", ""),
}


@pytest.mark.parametrize(("party", "lot"), MAY)
def test_a_company_of_any_nationality_is_told_what_it_may(
    ghana: Desk, party: str, lot: str
) -> None:
    for vintage in ("2025", "2019"):
        ghana.ok("issue", "100", "--unit", "GS-VER", "--to", "Stoves", "--project", "GH-1",
                 "--vintage", vintage, "--activity", "reduction")  # fmt: skip
    ghana.ok("a6", "change", "GH-1/26", *LOA, "--vintages", "2021-2024", "--digest", "ab" * 32)
    ghana.ok("a6", "authorise", "FLY", "--approach", "CA0012", "--party", "GH", "--purpose", "IMP",
             "--first-transfer", "use", "--vintages", "2025", "--digest", "ab" * 32)  # fmt: skip
    ghana.ok("a6", "ndc", "GH", "2031-2035", "--kind", "multi", "--method", "budget",
             "--digest", "ab" * 32)  # fmt: skip
    (row,) = ghana.json("a6", "may", party, lot, "--year", "2026")["rows"]
    told = {name: no["code"] if no else "" for name, no in row["answers"].items()}
    assert tuple(told.values()) == MAY[party, lot]
    assert list(told) == ["obtain", "NDC", "IMP", "OP", "claim"]
    assert set(row["cures"]) == {name for name, code in told.items() if code}


def test_what_is_promised_is_what_the_kernel_does(ghana: Desk) -> None:
    ghana.ok("transfer", "500", *SALE)
    sold, left = ghana.json("a6", "may", "SG", "1", "--year", "2026")["rows"]
    assert (sold["quantity"], sold["first_transferred"], sold["answers"]["obtain"]) == (
        500, True, None,
    )  # fmt: skip
    assert left["answers"]["obtain"]["code"] == "party_not_authorised"
    ghana.ok("account", "open", "Trader", "--party", "SG")
    ghana.ok("transfer", "10", "--lot", "1", "--from", "Swiss buyer", "--to", "Trader")
    no = ghana.json("transfer", "10", "--lot", "1", "--from", "Stoves", "--to", "Trader", code=1)
    assert no["refusal"]["code"] == "party_not_authorised"


def test_each_no_names_the_act_and_what_would_cure_it(ghana: Desk) -> None:
    ghana.ok("transfer", "500", *SALE)
    told = ghana.json("a6", "may", "SG", "1", "--year", "2026")
    sold, left = told["rows"]
    assert sold["acts"]["NDC"] == "a6 use --party SG --year 2026"
    assert sold["cures"]["NDC"]["en"].startswith("Nothing: it stays as it was first transferred.")
    assert sold["cures"]["IMP"]["en"].startswith("Nothing: it stays as it was first transferred.")
    assert "a6 change --for-party" in left["cures"]["obtain"]["zh"]
    (system,) = told["domestic"]
    assert (system["system"], system["act"][:22]) == ("SG", "surrender --system SG ")
    said = ghana.ok("a6", "may", "SG", "1", "--year", "2026")
    for words in ("✗ transfer:", "GH-1/26 first", "trading system", "claim"):
        assert words in said
    zh = ghana.ok("a6", "may", "SG", "1", "--year", "2026", "--lang", "zh")
    for words in ("取得", "首次移轉", "由地主國", "排放交易體系"):
        assert words in zh
    assert "knows no trading system of CH" in ghana.ok("a6", "may", "CH", "1")


def test_at_home_units_are_had_and_counted_though_an_authorisation_ended(ghana: Desk) -> None:
    ghana.ok("a6", "revoke", "GH-1/26", "--digest", "ab" * 32)
    (row,) = ghana.json("a6", "may", "GH", "1", "--year", "2026")["rows"]
    assert (row["answers"]["obtain"], row["answers"]["claim"]) == (None, None)
    assert (row["answers"]["NDC"], row["acts"]["NDC"]) == (None, "cancel --kind towards_ndc_host")
    assert row["answers"]["IMP"]["code"] == "authorisation_revoked"
    ghana.ok("account", "open", "Another", "--party", "GH")
    ghana.ok("transfer", "10", "--lot", "1", "--from", "Stoves", "--to", "Another")
    ghana.ok("cancel", "5", "--lot", "1", "--from", "Another", "--kind", "towards_ndc_host")
    (abroad, *_) = ghana.json("a6", "may", "CH", "1", "--year", "2026")["rows"]
    assert {no["code"] for no in abroad["answers"].values()} == {"authorisation_revoked"}


def test_what_has_ended_is_had_by_nobody(ghana: Desk) -> None:
    ghana.ok("transfer", "500", *SALE)
    ghana.ok("a6", "use", "100", "--lot", "1", "--from", "Swiss buyer", "--party", "CH",
             "--year", "2026")  # fmt: skip
    ghana.ok("cancel", "7", "--lot", "1", "--from", "Stoves", "--kind", "voluntary")
    rows = ghana.json("a6", "may", "CH", "1", "--year", "2026")["rows"]
    assert [(r["quantity"], r["first_transferred"], r["ended"]) for r in rows] == [
        (400, True, ""), (493, False, ""), (100, False, "retirement"), (7, False, "voluntary"),
    ]  # fmt: skip
    for row in rows[2:]:
        assert {no["code"] for no in row["answers"].values()} == {"sink_is_final"}
    assert "anything" in ghana.ok("a6", "may", "CH", "1", "--year", "2026")


def test_participation_and_entities_are_asked_too(ghana: Desk) -> None:
    ghana.ok("a6", "party", "GH", *ALL_MET[:-2])
    (row,) = ghana.json("a6", "may", "CH", "1", "--year", "2026")["rows"]
    assert row["answers"]["obtain"]["code"] == "participation_incomplete"
    ghana.ok("a6", "party", "GH", *ALL_MET)
    ghana.ok("a6", "change", "GH-1/26", *LOA[:4], "--purpose", "OIMP", "--first-transfer", "use",
             "--entity", "Stoves", "--programme", "CORSIA", "--digest", "ab" * 32)  # fmt: skip
    (row,) = ghana.json("a6", "may", "CH", "1", "--year", "2026")["rows"]
    codes = {name: no and no["code"] for name, no in row["answers"].items()}
    assert codes == {"obtain": None, "NDC": "purpose_not_authorised",
                     "IMP": "entity_not_authorised", "OP": "entity_not_authorised",
                     "claim": None}  # fmt: skip
    assert row["acts"]["IMP"] == "a6 use-for IMP --programme CORSIA"
    assert row["answers"]["IMP"]["facts"]["account"] == "CH"


@pytest.fixture
def in_march(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's clock stands in March 2026, while one surrenders for 2025."""
    at = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp()) * 10**9
    monkeypatch.setattr(execute, "time", SimpleNamespace(time_ns=lambda: at))


def test_surrendered_and_not_used_is_told_until_it_is_used(
    in_march: None, ghana: Desk, tmp_path: Path
) -> None:
    document = ("--document", str(tmp_path / "loa.pdf"))
    for line in (
        ("account", "open", "Refiner", "--party", "SG"),
        ("project", "register", "GH-2"),
        ("issue", "100", "--unit", "GS-VER", "--to", "Stoves", "--project", "GH-2", "--vintage",
         "2024", "--activity", "reduction", "--fact", "methodology_listed=true"),
        ("a6", "approach", "CA0013", "--party", "GH", "--party", "SG"),
        ("a6", "revoke", "GH-1/26", *document),
        ("a6", "authorise", "GH-2/26", "--approach", "CA0013", "--party", "GH", "--purpose", "NDC",
         "--for-party", "SG", "--project", "GH-2", *document),
        ("a6", "ndc", "SG", "2021-2030", "--kind", "single", "--method", "averaging", *document),
        ("transfer", "100", "--lot", "2", "--from", "Stoves", "--to", "Refiner"),
        ("ets", "operator", "SG-1", "--system", "SG", "--account", "Refiner"),
        ("ets", "figure", "taxable_emissions", "1000", "--system", "SG", "--operator", "SG-1",
         "--period", "2025", "--cites", "Notice", *document),
    ):  # fmt: skip
        ghana.ok(*line)
    give = ("surrender", "--lot", "2", "--serials", "91-100", "--from", "Refiner",
            "--system", "SG", "--operator", "SG-1")  # fmt: skip
    assert ghana.json(*give, "--period", "2025", code=1)["refusal"]["code"] == "ndc_effect_missing"
    ghana.ok(*give, "--period", "2025", "--ndc-effect", "use")
    ghana.ok("a6", "use", "--lot", "2", "--serials", "89-90", "--from", "Refiner",
             "--party", "SG", "--year", "2026")  # fmt: skip
    ghana.ok("a6", "use", "--lot", "2", "--serials", "91-94", "--from", "surrender",
             "--party", "SG", "--year", "2026")  # fmt: skip
    rows = ghana.json("a6", "surrendered")["rows"]
    assert [(r["serials"], r["used"], r["system"]) for r in rows] == [
        ("91-94", 2026, "SG"),
        ("95-100", 0, "SG"),
        ("89-90", 2026, ""),
    ]
    assert [(r["effect"], r["state"]) for r in rows] == [
        ("use", ""), ("use", "not_used"), ("", "not_surrendered"),
    ]  # fmt: skip
    told = ghana.ok("a6", "surrendered")
    assert "6 units surrendered and not used towards an NDC; 2 units used and not" in told
    now = ghana.json("a6", "surrendered", "--party", "sg")
    assert (now["verdict"], now["period"], now["not_used"]) == ("open", "2021-2030", 6)
    late = ghana.json("a6", "surrendered", "--party", "SG", "--on", "2031-01-01")
    assert (late["verdict"], late["not_surrendered"]) == ("missed", 2)
    assert ghana.json("a6", "surrendered", "--party", "SG", "--on", "2030-12-31")["verdict"] == (
        "open"
    )
    assert ghana.json("a6", "surrendered", "--party", "CH")["verdict"] == "met"
    assert "已使用未繳交" in ghana.ok("a6", "surrendered", "--party", "SG", "--lang", "zh")


def test_limits_of_ones_own_are_checked(ghana: Desk) -> None:
    ghana.ok("transfer", "500", *SALE)
    told = ghana.json("a6", "safeguards", "GH", "--first-per-year", "499", "--first-share", "1/10")
    by_limit = {c["limit"]: c["verdict"] for c in told["checks"] if c["year"] == 2024}
    assert by_limit == {"first_per_year": "missed", "first_share_of_path": "indeterminate"}
    assert ghana("a6", "safeguards", "GH", "--first-share", "half").exit_code == 2


def test_a_report_without_a_section_is_told(desk: Desk, tmp_path: Path) -> None:
    draft = tmp_path / "report.json"
    draft.write_text(json.dumps({"participation": "yes", "humen_rights": "yes"}))
    told = desk.json("a6", "report-check", str(draft), code=1)
    assert "human_rights" in told["missing"]
    assert told["unknown"] == ["humen_rights"]
    draft.write_text("[]")
    assert desk("a6", "report-check", str(draft)).exit_code == 2


@pytest.mark.parametrize("what", ["list", "approaches", "first-transfers", "totals"])
def test_every_question_is_answered_in_chinese(ghana: Desk, what: str) -> None:
    ghana.ok("transfer", "500", *SALE)
    told = ghana.ok("a6", what, "--lang", "zh")
    assert "截至條目" in told


def test_policies_are_listed_with_their_reasons_and_chosen(ghana: Desk) -> None:
    told = ghana.json("a6", "policy")["rows"]
    held = {row["policy"]["code"]: (row["value"], row["entry"]) for row in told}
    assert held["elapsed"] == ("CALENDAR", 0)
    assert all(row["policy"]["because"]["zh"] for row in told)
    assert "Decision 2/CMA.3" in ghana.ok("a6", "policy")
    ghana.ok("transfer", "500", *SALE)
    ghana.ok("a6", "choose", "ca_year_basis", "FT_YEAR", "--digest", "ab" * 32)
    ghana.ok("a6", "choose", "elapsed", "INVENTORY_REPORTED", "--digest", "ab" * 32)
    told = ghana.json("a6", "balance", "GH")
    assert told["policies"] == {"ca_year_basis": "FT_YEAR", "elapsed": "INVENTORY_REPORTED"}
    year = datetime.now(UTC).year
    firsts = {one["year"]: one["first"] for one in told["balance"]["years"] if one["first"]}
    assert firsts == {year: 500}
    row = next(r for r in ghana.json("a6", "policy")["rows"] if r["policy"]["code"] == "elapsed")
    assert (row["value"], row["entry"] > 0) == ("INVENTORY_REPORTED", True)
    assert "政策" in ghana.ok("a6", "policy", "--help")
    refused = ghana.json("a6", "choose", "elapsed", "LUNAR", "--digest", "ab" * 32, code=1)
    assert refused["refusal"]["facts"]["known"] == "CALENDAR, INVENTORY_REPORTED"


def test_safeguards_hold_a_party_against_the_limits_that_were_chosen(ghana: Desk) -> None:
    ghana.ok("transfer", "500", *SALE)
    assert ghana.json("a6", "safeguards", "GH")["checks"] == []
    for policy, value in (("max_ft_per_year", "499"), ("max_share_of_ndc_gap_by_itmo", "1/2")):
        ghana.ok("a6", "choose", policy, value, "--digest", "ab" * 32)
    told = {(c["limit"], c["year"]): c for c in ghana.json("a6", "safeguards", "GH")["checks"]}
    assert told["first_per_year", 2024]["verdict"] == "missed"
    assert told["first_per_year", 2025]["verdict"] == "met"
    assert told["used_share_of_gap", 0]["verdict"] == "indeterminate"
    asked = ghana.json("a6", "safeguards", "GH", "--first-per-year", "500")["checks"]
    assert {c["verdict"] for c in asked if c["limit"] == "first_per_year"} == {"met"}
    (refused,) = (ghana.json("a6", "choose", "max_ft_per_year", "many", "--digest", "ab" * 32,
                             code=1)["refusal"],)  # fmt: skip
    assert refused["facts"]["known"] == "none, 100"
