"""Reasons to refuse of what becomes of an authorisation after it is made: suspension and the like;
part of the one list in `ledger.refusals`."""

CODES: dict[str, tuple[int, str, str]] = {
    "authorisation_suspended": (
        151,
        "Authorisation {authorisation} was suspended by entry {entry}. Resume it first: onetonne a6"
        " resume.",
        "授權 {authorisation} 已由條目 {entry} 暫停。請先恢復：onetonne a6 resume。",
    ),
    "authorisation_in_force": (
        152,
        "Authorisation {authorisation} is not suspended. There is nothing to resume.",
        "授權 {authorisation} 並未暫停，無須恢復。",
    ),
}
