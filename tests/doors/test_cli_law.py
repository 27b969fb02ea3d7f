"""What people ask of the law at a command line: where can this tonne go, and what they mistype."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.doors.desk import Desk
from tests.store.test_jurisdictions import LAW
from tests.store.test_vectors import SAMPLE

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "prudent-regulator.yaml"

GOOD = ("--fact", "unit_type=VCU", "--fact", "host=GH", "--fact", "methodology_listed=true",
        "--fact", "loa_purposes=NDC", "--fact", "loa_country=SG", "--fact", "adjustment=AUTHORISED",
        "--fact", "reduction_year=2024")  # fmt: skip
AT = ("--system", "SG", "--period", "2024", "--day", "2025-09-01")


def test_one_unit_in_one_system(desk: Desk) -> None:
    said = desk.ok("judge", *AT, *GOOD, "--quantity", "100")
    assert "SG 2024, 2025-09-01: eligible (ELIGIBLE), 100 / 100." in said
    assert "Assumed: status is active" in said


def test_a_limit_is_told_with_its_room(desk: Desk) -> None:
    how = ("--base", "taxable_emissions=1,000", "--used", "20", "--quantity", "100", "--lang", "zh")
    said = desk.ok("judge", *AT, *GOOD, *how)
    assert "ELIGIBLE_UP_TO" in said
    assert "剩餘空間：30（annual，5%）" in said


def test_what_fails_is_told_with_its_source_and_its_cure(desk: Desk) -> None:
    bad = [text.replace("adjustment=AUTHORISED", "adjustment=NONE") for text in GOOD]
    said = desk.ok("judge", *AT, *bad)
    assert "Fails: adjustment." in said
    assert "S 661/2023" in said
    assert "Cure: Obtain corresponding adjustment: AUTHORISED." in said


def test_where_a_lot_can_go(desk: Desk) -> None:
    found = desk.json("judge", "TCER-2025-1", "--day", "2027-05-31")
    results = {v["system"]: v["result"] for v in found["verdicts"]}
    some = {"KR": "NOT_ELIGIBLE", "SG": "INDETERMINATE", "TW": "ELIGIBLE"}  # OI-3: agreements
    assert {system: results[system] for system in some} == some
    desk.ok(
        "retire", "1,000", "--lot", "1", "--from", "Solar Co", "--for", "Buyer", "--period", "2025"
    )
    gone = desk.json("judge", "TCER-2025-1", "--day", "2027-05-31")
    assert all("active" in v["reasons"] for v in gone["verdicts"] if v["system"] in some)


def test_an_allowance_of_our_books_has_the_year_of_its_vintage(desk: Desk) -> None:
    desk.ok("issue", "10", "--unit", "KAU", "--to", "Solar Co", "--vintage", "2026",
            "--fact", "system=KR", "--fact", "period=2026")  # fmt: skip
    found = desk.json("judge", "2", "--system", "KR", "--day", "2027-05-31")
    assert [v["result"] for v in found["verdicts"]] == ["ELIGIBLE"]


def test_what_a_label_says_is_a_fact_of_the_lot(desk: Desk) -> None:
    how = ("judge", "TCER-2025-1", "--day", "2027-06-01", "--law", str(EXAMPLE), "--system", "XR")
    before = desk.json(*how)["verdicts"][0]
    assert "not-overcredited" not in before["reasons"]
    desk.ok("label", "controversy", "--lot", "1", "--serials", "1-10", "--value", "overcrediting")
    desk.ok("label", "controversy", "--lot", "1", "--serials", "11-20",
            "--value", "An institute, 2026-01-02: 27.4 times")  # fmt: skip
    assert "not-overcredited" in desk.json(*how)["verdicts"][0]["reasons"]


def test_facts_may_come_from_a_file(desk: Desk) -> None:
    Path("unit.yaml").write_text("unit_type: KCU\nhost: KR\ncovered_source: false\n"
                                 "project_start: 2018-01-01\n")  # fmt: skip
    found = desk.json("judge", "--facts", "unit.yaml", "--system", "KR", "--day", "2027-06-01")
    assert [v["result"] for v in found["verdicts"]] == ["ELIGIBLE"]


def test_vectors_are_counted_and_a_failure_is_an_exit_code(desk: Desk) -> None:
    Path("v.yaml").write_text(SAMPLE)
    done = desk("judge", "--vectors", "v.yaml")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[0] == "ok A"
    assert done.stdout.splitlines()[-1] == "1 passed, 4 failed"
    Path("v.yaml").write_text("\n".join(SAMPLE.splitlines()[:2]) + "\n")
    assert desk.ok("judge", "--vectors", "v.yaml").splitlines()[-1] == "1 passed, 0 failed"


def test_a_law_of_ones_own(desk: Desk) -> None:
    Path("law.yaml").write_text(LAW)
    said = desk.ok("judge", "--law", "law.yaml", "--system", "XX", "--period", "2020",
                   "--day", "2021-02-01", "--fact", "host=SE")  # fmt: skip
    assert "NOT_ELIGIBLE" in said
    Path("law.yaml").write_text(LAW.replace("5%", "0.05"))
    done = desk("law", "list", "--law", "law.yaml")
    assert done.exit_code == 3
    assert "law.yaml:26: " in done.stderr


def test_the_lawbook_can_be_read(desk: Desk) -> None:
    assert "K-ETS" in desk.ok("law", "list")
    assert "loa_purposes" in desk.ok("law", "facts")
    before, after = (desk.ok("law", "show", "KR", "total", "--on", day)
                     for day in ("2020-12-31", "2021-01-01"))  # fmt: skip
    assert "2015-01-01 .. 2020-12-31" in before
    assert "2021-01-01 .. 2025-12-31" in after
    assert "half of that limit" not in desk.ok("law", "show", "KR", "--on", "2021-01-01")
    assert "half of that limit" in desk.ok("law", "show", "KR", "--on", "2020-12-31")
    assert desk.json("law", "show", "KR", "total", "--on", "2021-01-01")["clauses"][0]["version"]


def test_the_law_is_searched_compared_and_cited(desk: Desk) -> None:
    found = desk.json("law", "search", "K-ETS", "fifth")["rules"]
    assert [rule["code"] for rule in found] == ["home-developer"]
    assert desk.json("law", "search", "五分之一")["rules"] == found
    assert desk.json("law", "search", "no", "such", "words")["rules"] == []
    changes = desk.json("law", "diff", "KR", "2020-12-31", "2021-01-01")["changes"]
    total = next(change for change in changes if change["code"] == "total")
    assert (total["before"]["words"]["en"], total["after"]["words"]["en"]) == ("10%", "5%")
    half = next(change for change in changes if change["code"] == "international")
    assert (half["before"]["ends"], half["after"]) == ("2020-12-31", None)
    assert desk.json("law", "diff", "KR", "2021-01-01", "2021-06-01")["changes"] == []
    told = desk.ok("law", "diff", "KR", "2020-12-31", "2021-01-01")
    assert "+ 2021-01-01: no such rule" in told
    cited = desk.json("law", "cite", "KR", "total")["versions"]
    assert [version["ends"] for version in cited] == ["2020-12-31", "2025-12-31", None]
    assert all(cite["instrument"] for version in cited for cite in version["cites"])


def test_what_no_source_says_of_a_unit_is_unsettled(desk: Desk) -> None:
    assert desk.json("law", "nature", "NO-SUCH-UNIT")["natures"] == [{"status": "UNSETTLED"}]
    assert "UNSETTLED" in desk.ok("law", "nature", "NO-SUCH-UNIT")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (("law", "diff", "KR", "2021-01-01", "2021-01-01"), "earlier"),
        (("law", "cite", "KR", "totale"), "total"),
        (("judge",), "--fact unit_type"),
        (("judge", "--system", "XX", *GOOD), "KR, "),
        (("judge", "--fact", "hots=GH"), "hots"),
        (("judge", "--fact", "host"), "NAME=VALUE"),
        (("judge", "--fact", "host=Ghana"), "Party code"),
        (("judge", *AT, *GOOD, "--base", "emission=5"), "obligation"),
        (("judge", *AT, *GOOD, "--base", "obligation=0.05"), "whole number"),
        (("judge", "--system", "SG", *GOOD, "--base", "obligation=5"), "--period"),
        (("judge", "--fact", "loa_purposes=NDC", "--day", "30.9.2025"), "2026"),
        (("judge", *AT, *GOOD, "--reading", "OI-3-agreements=3"), "OI-3-agreements=1..2"),
        (("judge", *AT, *GOOD, "--reading", "OI-9=1"), "SG-purposes"),
        (("law", "show", "KR", "totale"), "total"),
        (("judge", "--facts", "nowhere.yaml"), "nowhere.yaml"),
        (("judge", "--fact", "reduction_from=2020-02-01", "--fact", "reduction_to=2020-01-01"),
         "before"),
    ],
)  # fmt: skip
def test_what_is_mistyped_is_named(desk: Desk, line: tuple[str, ...], word: str) -> None:
    done = desk(*line)
    assert done.exit_code in (2, 3)
    assert word in done.stderr
    assert any("\u4e00" <= c <= "\u9fff" for c in desk(*line, "--lang", "zh").stderr)


@pytest.mark.parametrize(
    ("asked", "en", "zh"),
    [
        (("unit_type=VCV",), "no unit type 'VCV'. Did you mean: VCU?", "是否為：VCU？"),
        (("unit_type=kcu",), "Did you mean: KCU, i-KCU", "沒有單位類型 'kcu'"),
        (("unit_type=KCU", "unit_type=KCU"), "unit_type is given twice", "unit_type 重複"),
        (("unit_type=KCU", "host="), "'host=' is no pair", "'host=' 不是成對的值"),
        (("unit_type=CER", "home_ownership=150%"), "more than the whole", "超過全部"),
        (("unit_type=CER", "registration=soon"), "is no day such as", "不是日期（如 2026-12-31）"),
        (("unit_type=CER", "activity_class=X"), "is no word of its list (N, R, RM)",
         "不是所列字詞之一 (N, R, RM)"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_named(
    desk: Desk, asked: tuple[str, ...], en: str, zh: str
) -> None:
    facts = [part for text in asked for part in ("--fact", text)]
    for language, said in (("en", en), ("zh", zh)):
        done = desk("judge", "--system", "KR", *facts, "--lang", language)
        assert done.exit_code != 0
        assert said in " ".join(done.output.split())


def test_a_question_is_about_one_unit_or_more(desk: Desk) -> None:
    done = desk("judge", "--system", "KR", "--fact", "unit_type=KCU", "--quantity", "0")
    assert done.exit_code != 0
    assert "one unit or more" in done.output


def test_a_type_that_only_a_system_names_may_be_asked_about(desk: Desk) -> None:
    fact = ("--fact", "unit_type=ITMO")
    found = desk.json("judge", "--system", "KR", "--period", "2026", "--day", "2027-05-01", *fact)
    assert found["verdicts"][0]["result"] == "INDETERMINATE"


def test_an_empty_list_says_that_there_is_none(desk: Desk) -> None:
    how = ("judge", "--system", "KR", "--period", "2026", "--day", "2027-05-01",
           "--fact", "unit_type=A6.4ER", "--fact", "host=MM")  # fmt: skip
    unknown = desk.json(*how)["verdicts"][0]
    none = desk.json(*how, "--fact", "loa_purposes=")["verdicts"][0]
    said = {f["clause"]: f["held"] for f in unknown["findings"]}
    assert (said["authorised"], unknown["result"]) == ("UNKNOWN", "INDETERMINATE")
    said = {f["clause"]: f["held"] for f in none["findings"]}
    assert (said["authorised"], none["result"]) == ("FAILS", "NOT_ELIGIBLE")


def test_an_answer_in_chinese_has_its_facts_in_chinese(desk: Desk) -> None:
    how = ("judge", "--system", "KR", "--day", "2027-05-01", "--lang", "zh", "--all")
    gone = desk(*how, "--period", "2031", "--fact", "unit_type=KCU").output
    assert "期別：2031" in gone.replace("\n", "")
    told = desk(*how, "--period", "2026", "--fact", "unit_type=KCU", "--fact", "host=KR",
                "--fact", "covered_source=false").output.replace("\n", "")  # fmt: skip
    assert "：否" in told
    assert "：不明" in told
    assert "推定：來源單位為無（" in told


@pytest.mark.parametrize("command", [("show", "KR", "--on", "2024-01-01"),
                                     ("diff", "KR", "2020-12-31", "2021-01-01")])  # fmt: skip
def test_how_sure_a_rule_is_stands_in_chinese(desk: Desk, command: tuple[str, ...]) -> None:
    said = desk.ok("law", *command, "--lang", "zh")
    assert "確信度高" in said
    assert not any(word in said for word in ("，high", "，medium", "，low", "(high)", "(expected)"))
