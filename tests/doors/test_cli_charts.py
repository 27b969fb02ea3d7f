"""Charts: drawing and table say the same exact numbers, in both languages, to everybody."""

from __future__ import annotations

import csv
import re
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.doors.desk import Desk

from onetonne.article6.balance import balance
from onetonne.article6.figures import Figures
from onetonne.article6.flows import Piece, flows
from onetonne.doors import chart_balance, chart_flows
from onetonne.ledger.article6.tables import Ndc
from onetonne.service.scenario import Scenario
from onetonne.service.stage import Stage
from onetonne.store.lawbook import load_law

STORY = """
scenario: {en: A host's tonnes go many ways, zh: 地主國之噸各有去處}
ledger: {party: GH, zone: Africa/Accra, day: 2025-01-02}
people: {dna: [registrar, authority]}
accounts:
  host: {party: GH, holder: Clean (illustrative)}
  store: {party: GH, kind: buffer, holder: Store (illustrative)}
  swiss: {party: CH, holder: Swiss (illustrative)}
  singapore: {party: SG, holder: Singapore (illustrative)}
projects: {GH-1: {party: GH, activity: reduction}, GH-2: {party: GH, activity: reduction}}
steps:
- register_approach: {approach: CA9001, parties: [GH, CH, SG]}
- declare_participation:
    {party: GH, met: [party, ndc, authorisation, tracking, inventory, contribution]}
- record_ndc:
    {party: GH, first: 2021, last: 2025, kind: multi, method: budget, goal: "10000", digest: DIGEST,
     path: ["2100", "2050", "2000", "1950", "1900"]}
- record_ndc:
    {party: SG, first: 2021, last: 2023, kind: single, method: averaging, digest: DIGEST,
     goal: "500"}
- record_inventory: {party: GH, year: 2023, value: "2000.5", digest: DIGEST}
- authorise: {authorisation: L1, approach: CA9001, party: GH, purposes: [NDC], projects: [GH-1],
    cap: 700, digest: DIGEST}
- authorise: {authorisation: L2, approach: CA9001, party: GH, purposes: [IMP], projects: [GH-2],
    first_transfer: use, programmes: [CORSIA], digest: DIGEST}
- issue: {unit: GS-VER, quantity: 1000, to: host, project: GH-1, vintage: 2023}
  name: v
- issue: {unit: GS-VER, quantity: 50, to: host, project: GH-2, vintage: 2022}
  name: w
- issue: {unit: GS-VER, quantity: 9, to: host, project: GH-2, vintage: 2020}
- issue: {unit: GS-VER, quantity: 20, to: swiss, project: GH-1, vintage: 2024}
- transfer: {from: host, to: swiss, items: [{v: 400}]}
- transfer: {from: host, to: singapore, items: [{v: 7}]}
- transfer: {from: swiss, to: singapore, items: [{v: 100}]}
- use_towards_ndc: {from: singapore, items: [{v: 90}], party: SG, year: 2023}
- cancel: {from: swiss, items: [{v: 50}]}
- use_for_purpose: {from: host, items: [{w: 30}], purpose: IMP, programme: CORSIA}
- transfer: {from: host, to: store, items: [{v: 20}]}
- cancel: {from: host, items: [{v: 10}], kind: omge}
- cancel: {from: host, items: [{v: 150}], kind: towards_ndc_host}
- retire: {from: host, items: [{v: 5}], beneficiary: X, purpose: voluntary_claim, period: 2025}
""".replace("DIGEST", '"' + "a" * 64 + '"')
FLOWS = {
    # from and to, and how many: by hand, from the story above
    "issued first_transferred": 457,
    "issued authorised": 273 + 20,
    "issued bare": 300,
    "bare omge_voluntary": 10,
    "issued buffer": 20,
    "first_transferred to:CH": 420,
    "first_transferred to:SG": 7,
    "first_transferred at:use": 30,
    "to:CH used:NDC:SG": 90,
    "to:CH cancelled": 50,
    "to:CH held:CH": 270,
    "to:CH held:SG": 10,
    "to:SG held:SG": 7,
    "at:use used:IMP": 30,
    "authorised held:GH": 273 + 20,
    "bare retired": 5,
    "bare towards_ndc_host": 150,
    "bare held:GH": 135,
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("charts")
    (folder / "story.yaml").write_text(STORY, "utf-8")
    stage = Stage(Scenario(folder / "story.yaml"), folder / "gh", load_law())
    stage.play(lambda told: None)
    assert stage.differences == []
    stage.ledger.close()
    return folder / "gh"


@pytest.fixture
def ghana(played: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONETONNE_LEDGER", str(played))
    return Desk()


def table(path: str) -> list[list[str]]:
    with Path(path).open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def texts(drawn: str) -> list[str]:
    """The texts of a drawing, which must be whole XML for that."""
    return ["".join(node.itertext()) for node in ElementTree.fromstring(drawn).iter()
            if node.tag.endswith("}text")]  # fmt: skip


def test_flows_are_what_the_story_says(ghana: Desk) -> None:
    told = ghana.json("a6", "chart", "flows", "gh", "--svg", "f.svg", "--csv", "f.csv")
    head, *rows = table("f.csv")
    assert head == ["from", "to", "units"]
    assert {f"{source} {target}": int(units) for source, target, units in rows} == FLOWS
    assert told["issued"] == 1070 == sum(told["ends"].values())
    drawn = Path("f.svg").read_text("utf-8")
    said = texts(drawn)
    assert "Used towards the NDC of SG" in said
    assert "420 (39.2 %)" in [" ".join(one.split()) for one in said]
    assert drawn.count("<path ") == len(FLOWS)


def test_the_past_has_its_own_flows(ghana: Desk) -> None:
    first = min(row["entry"] for row in ghana.json("a6", "first-transfers")["rows"])
    told = ghana.json("a6", "chart", "flows", "GH", "--asof", str(first - 1))
    assert told["ends"] == {"held:GH": 1050}


def test_a_balance_is_drawn_and_listed(ghana: Desk) -> None:
    ghana.ok("a6", "chart", "balance", "GH", "--svg", "b.svg", "--csv", "b.csv")
    head, *years, test = table("b.csv")
    assert head[0] == "year"
    assert years[2] == ["2023", "4001/2", "407", "0", "407", "4815/2", "2000", "", "", "", ""]
    assert test[:4] == ["2021-2025", "", "457", "0"]
    assert test[-1] == "indeterminate"
    said = texts(Path("b.svg").read_text("utf-8"))
    assert "Target 10,000: indeterminate, data is missing." in said
    assert {"2,000.50", "2,407.50", "407", "no inventory"} <= set(said)
    ghana.ok("a6", "chart", "balance", "SG", "--csv", "s.csv")
    assert table("s.csv")[3][3:5] == ["90", "-30"]


@pytest.mark.parametrize("what", ["balance", "flows"])
def test_a_drawing_speaks_to_everybody(ghana: Desk, what: str) -> None:
    for language, word in (("en", "irst transferred"), ("zh", "首次移轉")):
        ghana.ok("a6", "chart", what, "GH", "--svg", "c.svg", "--lang", language)
        drawn = Path("c.svg").read_text("utf-8")
        root = ElementTree.fromstring(drawn)
        assert root.get("role") == "img"
        title, said = (next(root.iterfind(f"{{*}}{name}")).text or "" for name in ("title", "desc"))
        assert "GH" in title
        assert word in said
        assert any(word in text for text in texts(drawn))
        assert not re.search("<script|<style|href|onload|url\\(", drawn)
        assert not re.search(r' (?:x|y|width|height|[xy][12])="[^"]*\.', drawn)


def test_a_chart_without_a_file_or_without_data_says_so(ghana: Desk) -> None:
    assert "Add --svg FILE" in ghana("a6", "chart", "flows", "GH").output
    assert "no mitigation outcomes" in " ".join(
        ghana("a6", "chart", "flows", "CH", "--svg", "f.svg").output.split()
    )
    assert "no mitigation outcomes" in " ".join(
        ghana("a6", "chart", "flows", "GH", "--metric", "MWh", "--svg", "f.svg").output.split()
    )
    assert not Path("f.svg").exists()


def unhaloed(drawn: str) -> str:
    """The drawing without what only lies beneath its texts."""
    return re.sub(r"<text [^>]*aria-hidden[^>]*>[^<]*</text>", "", drawn)


def places(drawn: str) -> list[tuple[int, int]]:
    found = re.findall(r'<text x="(\d+)" y="(\d+)" font-size="12"[^>]*>[^<]*', drawn)
    return [(int(x), int(y)) for x, y in found]


def test_labels_of_flows_never_lie_on_one_another() -> None:
    """One unit beside a million, and many Parties: each is seen, and each label has its room."""
    parties = [f"{a}{b}" for a in "ABCD" for b in "ABCDE"]
    pieces = [Piece(1, trigger="transfer", to=p, holder=p) for p in parties]
    told = flows("GH", "GHG", [*pieces, Piece(10**9, holder="GH")])
    drawn = unhaloed(chart_flows.draw(told, "en", "today"))
    spots = places(drawn)
    assert len(spots) == len(set(spots))
    for x in {x for x, _ in spots}:
        lines = sorted(y for at, y in spots if at == x)
        assert all(b - a >= 12 for a, b in pairwise(lines))
    assert "v0" not in drawn
    assert 'height="0"' not in drawn
    assert drawn.count("1 (&lt; 0.1 %)".replace(" (", "  (")) == 2 * len(parties)


@pytest.mark.parametrize("metric", ["GHG", "MWh"])
def test_a_balance_below_zero_and_of_another_metric(metric: str) -> None:
    ndc = Ndc("XA", 2021, 2022, 1, "single", "trajectory", "", "-5", ("10", "-5"), metric, "", 1)
    found = Figures({2021: Fraction(1, 3), 2022: Fraction(-7)}, {2021: 2}, {2022: 10**12})
    told = balance(ndc, found)
    drawn = chart_balance.draw(ndc, told, "en", str(date(2026, 1, 1)))
    said = texts(drawn)
    sign = 1 if metric == "GHG" else -1
    assert chart_balance.rounded(Fraction(1, 3) + sign * 2) in said
    assert any(one.startswith("Reached ") for one in said)
    assert f"{-7 - sign * 10**12:,}" in said
    assert ("Inventory" if metric == "GHG" else "Indicator") in said
    assert "<svg" in drawn
    assert 'height="-' not in drawn
