"""A letter of authorisation as a page and a PDF: whole, in both languages, and never injected."""

from __future__ import annotations

import re
import sys
import zlib
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.doors.desk import Desk

from onetonne.doors.letter_sheet import covered
from onetonne.ledger.article6.events import Authorised

HOSTILE = "With consent <script>alert(1)</script> #panic(1) $x$ \u202e\x07 買方同意"
MET = [
    word
    for one in ("party", "ndc", "authorisation", "tracking", "inventory", "contribution")
    for word in ("--met", one)
]
TERMS = ("--approach", "CA0012", "--party", "TW", "--purpose", "NDC", "--purpose", "IMP",
         "--first-transfer", "use", "--programme", "CORSIA", "--for-party", "CH", "--entity",
         "Buyer", "--project", "TW-1", "--unit", "TCER", "--lot", "TCER-2025-1:1-600", "--vintages",
         "2025-2026", "--cap", "600", "--use-by", "2999-12-31", "--digest", "ab" * 32)  # fmt: skip
STATED = [
    word
    for one in ("last_issuance=2027-06-30", "sectors=Energy", "gwp=AR5, 100 years",
                "activity_types=Solar <b>roofs</b>", "methodologies=TM001", "registries=This one",
                "double_counting=Adjusted at first transfer")
    for word in ("--state", one)
]  # fmt: skip
SAID = {
    # the table of 4/CMA.6 as the rulebook keeps it: each element, and what this letter says of it
    "Cooperative approach": "CA0012",
    "Authorising Party": "TW",
    "Date; in force from": "20",
    "Last day of use": "2999-12-31",
    "Last day of issuance": "2027-06-30",
    "Authorised uses": "for these programmes: CORSIA",
    "First transfer for other": "at use or cancellation",
    "Quantity at most": "600 units",
    "Vintages": "2025 to 2026",
    "Activities": "TW-1",
    "Unit types": "TCER",
    "Serial blocks": "lot 1, units 1 to 600",
    "Sectors": "Energy",
    "Activity types": "Solar <b>roofs</b>",
    "Metric": "t CO2e",
    "Global warming potentials": "AR5, 100 years",
    "Participating Parties": "CH",
    "Authorised entities": "-",
    "Standards and methodologies": "TM001",
    "Registry that issued": "onetonne.example/tw",
    "Registries that track": "This one",
    "Changes": "With consent",
    "Revocation": "not stated",
    "Recall of unused units": "none",
    "Avoiding double counting": "Adjusted at first transfer",
    "Other conditions": "not stated",
    "Document (SHA-256)": "ab" * 32,
    "Journal entry": "8, 20",
    "Its checkpoint": "8, ",
    "Key of the registry": "onetonne.example/tw+",
}


@pytest.fixture
def taiwan(desk: Desk) -> Desk:
    """The desk's ledger with an authorisation whose terms are hostile, as its eighth entry."""
    desk.furnish(
        (
            ("a6", "approach", "CA0012", "--party", "TW", "--party", "CH"),
            ("a6", "party", "TW", *MET),
            ("a6", "authorise", "TW-1/26", *TERMS, "--change-terms", HOSTILE, *STATED),
        )
    )
    return desk


def rows(page: str) -> dict[str, str]:
    """Each row of the page: its name, and all that it says, as text."""
    found = re.findall(r'<tr><th scope="row">(.*?)</th>\s*<td>(.*?)</td></tr>', page, re.DOTALL)
    return {text(name): text(said) for name, said in found}


def text(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


def glyphs(pdf: bytes) -> str:
    """The streams of a PDF as text; among them the tables that say what each glyph means."""
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return "".join(inflated(part) for part in parts)


def inflated(part: bytes) -> str:
    try:
        return zlib.decompress(part).decode("latin-1")
    except zlib.error:
        return ""


def test_the_page_holds_every_element_of_an_authorisation(taiwan: Desk) -> None:
    told = taiwan.json("a6", "letter", "TW-1/26", "--html", "l.html")
    assert told["shown"] == ["l.html"]
    page = Path("l.html").read_text("utf-8")
    found = rows(page)
    for name, said in SAID.items():
        (row,) = [value for key, value in found.items() if key.startswith(name)]
        assert said in row, name
    assert len(found) == len(SAID) + 2  # and the authorisation itself, and the letter's own digest
    assert all(re.search("[\u4e00-\u9fff]", name) for name in found)
    assert "VALID as of checkpoint 8" in page
    assert "截至檢查點 8：有效" in page
    assert "onetonne a6 letter-check letter-TW-1-26.json --key KEY" in page


def test_what_no_letter_says_is_said_to_be_unsaid(taiwan: Desk) -> None:
    taiwan.ok("a6", "change", "TW-1/26", *TERMS)
    taiwan.ok("a6", "letter", "TW-1/26", "--html", "l.html")
    found = rows(Path("l.html").read_text("utf-8"))
    silent = [name for name, said in found.items() if "not stated in this letter" in said]
    assert len(silent) == 10
    wrong = taiwan("a6", "change", "TW-1/26", *TERMS, "--state", "colour=red", "--json")
    assert "unknown_kind" in wrong.output
    assert taiwan("a6", "change", "TW-1/26", *TERMS, "--state", "sectors").exit_code == 2


def test_nothing_that_was_typed_is_markup(taiwan: Desk) -> None:
    taiwan.ok("a6", "letter", "TW-1/26", "--html", "l.html", "--pdf", "l.pdf")
    page = Path("l.html").read_text("utf-8")
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; #panic(1) $x$ \ufffd\ufffd" in page
    assert Path("l.pdf").read_bytes().startswith(b"%PDF-")


def test_a_pdf_is_the_same_bytes_and_has_its_chinese_glyphs(taiwan: Desk) -> None:
    taiwan.ok("a6", "letter", "TW-1/26", "--pdf", "one.pdf")
    taiwan.ok("a6", "letter-check", "letter-TW-1-26.json", "--key", "tw/key.pub",
              "--pdf", "two.pdf")  # fmt: skip
    made = Path("one.pdf").read_bytes()
    assert made == Path("two.pdf").read_bytes()
    assert b"NotoSansTC" in made
    meaning = glyphs(made)
    for character in "授權書買":
        assert f"<{ord(character):04X}>" in meaning.upper()


def test_what_became_of_a_letter_stands_on_its_page(taiwan: Desk) -> None:
    check = ("a6", "letter-check", "letter-TW-1-26.json", "--key", "tw/key.pub")
    taiwan.ok("a6", "letter", "TW-1/26")
    log = taiwan.json("checkpoint")["log"]

    def shown(*more: str) -> str:
        done = taiwan(*check, *more, "--html", "l.html", "--pdf", "l.pdf")
        assert done.exit_code == 1
        page = Path("l.html").read_text("utf-8")
        assert 'class="standing void" role="alert"' in page
        return text(page)

    assert "EXPIRED as of checkpoint 8" in shown("--day", "3000-01-01")
    assert "NOT YET IN FORCE as of checkpoint 8" in shown("--day", "2020-01-01")
    taiwan.ok("a6", "change", "TW-1/26", *TERMS[:-4], "--digest", "cd" * 32)
    page = shown("--log", log)
    assert "REPLACED BY A NEWER VERSION as of checkpoint 9" in page
    assert "version 2" in page
    taiwan.ok("a6", "letter", "TW-1/26")
    taiwan.ok("a6", "revoke", "TW-1/26", "--digest", "ef" * 32)
    page = shown("--log", log)
    assert "REVOKED as of checkpoint 10" in page
    assert "截至檢查點 10：已撤銷" in page


def test_no_page_is_made_of_a_letter_that_is_not_genuine(taiwan: Desk) -> None:
    taiwan.ok("a6", "letter", "TW-1/26")
    path = Path("letter-TW-1-26.json")
    path.write_text(path.read_text("utf-8").replace("version 1", "version 2"), "utf-8")
    done = taiwan("a6", "letter-check", str(path), "--key", "tw/key.pub", "--html", "l.html")
    assert done.exit_code == 1
    assert "No page is made" in done.output
    assert not Path("l.html").exists()


def test_a_page_made_without_the_key_says_so(taiwan: Desk) -> None:
    taiwan.ok("a6", "letter", "TW-1/26", "--html", "with.html")
    taiwan.ok("a6", "letter-check", "letter-TW-1-26.json", "--html", "without.html")
    assert "without the registry" not in Path("with.html").read_text("utf-8")
    assert "without the registry" in Path("without.html").read_text("utf-8")


def test_without_the_extra_it_says_how_to_install_and_writes_nothing(
    taiwan: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    monkeypatch.delitem(sys.modules, "onetonne.doors.letter_pdf", raising=False)
    done = taiwan("a6", "letter", "TW-1/26", "--html", "l.html", "--pdf", "l.pdf")
    assert done.exit_code == 2
    assert "pip install 'onetonne[pdf]'" in " ".join(done.output.split())
    assert not Path("l.html").exists()
    assert not Path("letter-TW-1-26.json").exists()


def test_blocks_that_an_authorisation_came_too_late_for_are_named() -> None:
    terms = Authorised(authorisation="L1", version=1, day=date(2026, 1, 5), approach="CA0001",
                       party="TW", purposes=("NDC",), digest="ab" * 32, vintage_from=2021,
                       vintage_to=2030, left_out=((7, 0, 1500),))  # fmt: skip
    said = {row.name.en: [text.en for text in row.values] for row in covered(terms)}
    assert said["Serial blocks not reached"] == ["lot 7, units 1 to 1,500"]
    none = {row.name.en for row in covered(replace(terms, left_out=()))}
    assert "Serial blocks not reached" not in none


def test_a_log_is_held_against_a_key_that_was_given(taiwan: Desk) -> None:
    taiwan.ok("a6", "letter", "TW-1/26")
    result = taiwan("a6", "letter-check", "letter-TW-1-26.json", "--log", ".")
    assert result.exit_code == 2
    assert "add --key KEY" in result.output
    result = taiwan("a6", "letter-check", "letter-TW-1-26.json", "--key", "")
    assert (result.exit_code, "neither a public key" in result.output) == (2, True)
