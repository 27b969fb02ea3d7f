"""What is issued goes somewhere: in every station of the flows as much leaves as came in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetonne.article6.flows import ISSUED, Piece, flows, way

PIECES = st.builds(
    Piece,
    quantity=st.integers(1, 10**12),
    trigger=st.sampled_from(
        ["", "transfer", "authorisation", "issuance", "use", "conversion", "levy"]
    ),
    to=st.sampled_from(["", "CH", "SG"]),
    authorised=st.booleans(),
    sink=st.sampled_from(
        ["", "retirement", "surrender", "voluntary", "omge", "towards_ndc_host",
         "international_mitigation"]
    ),
    kind=st.sampled_from(["entity", "party", "buffer", "peer", "adaptation_fund"]),
    holder=st.sampled_from(["GH", "CH", "SG"]),
    purpose=st.sampled_from(["", "NDC", "IMP", "OP"]),
    user=st.sampled_from(["", "CH"]),
    levied=st.booleans(),
)  # fmt: skip


@given(st.lists(PIECES, max_size=30))
def test_nothing_is_lost_and_nothing_made(pieces: list[Piece]) -> None:
    told = flows("GH", "GHG", pieces)
    total = sum(piece.quantity for piece in pieces)
    assert told.issued == total == sum(told.ends.values())
    stations = {row.source for row in told.rows} - {ISSUED}
    for station in stations:
        assert told.into(station) == told.out_of(station), station
    assert all(row.quantity > 0 for row in told.rows)


WAYS = {
    ("issued", "first_transferred", "to:CH", "held:SG"): Piece(
        1, trigger="transfer", to="CH", holder="SG"
    ),
    ("issued", "first_transferred", "to:CH", "used:NDC:CH"): Piece(
        1, trigger="transfer", to="CH", sink="retirement", purpose="NDC", user="CH", holder="GH"
    ),
    ("issued", "first_transferred", "at:use", "used:IMP"): Piece(
        1, trigger="use", sink="international_mitigation", purpose="IMP"
    ),
    ("issued", "first_transferred", "to:CH", "surrendered"): Piece(
        1, trigger="transfer", to="CH", sink="surrender"
    ),
    ("issued", "authorised", "held:GH"): Piece(1, authorised=True, holder="GH"),
    ("issued", "bare", "retired"): Piece(1, sink="retirement"),
    ("issued", "bare", "cancelled"): Piece(1, sink="voluntary"),
    ("issued", "bare", "towards_ndc_host"): Piece(1, sink="towards_ndc_host"),
    ("issued", "bare", "elsewhere"): Piece(1, kind="peer", holder="CH"),
    ("issued", "buffer"): Piece(1, kind="buffer", holder="GH"),
    ("issued", "omge"): Piece(1, trigger="levy", sink="omge", levied=True),
    ("issued", "bare", "omge_voluntary"): Piece(1, sink="omge"),
    ("issued", "first_transferred", "to:CH", "omge_voluntary"): Piece(
        1, trigger="transfer", to="CH", sink="omge", holder="GH"
    ),
    ("issued", "share_of_proceeds"): Piece(1, trigger="levy", kind="adaptation_fund"),
}


@pytest.mark.parametrize("stations", WAYS, ids="-".join)
def test_each_fate_has_its_way(stations: tuple[str, ...]) -> None:
    assert way(WAYS[stations]) == stations
