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
    "entity_withdrawn": (
        153,
        "Account {account} was withdrawn from authorisation {authorisation} and gets nothing new"
        " under it. Leave it out, or authorise it by another.",
        "帳戶 {account} 已自授權 {authorisation} 撤除，不得再依其取得單位。請勿列入，或另行授權。",
    ),
    "kept_from_entity": (
        154,
        "Serials {serials} of lot {lot} were first transferred under {authorisation}, from which"
        " account {account} was withdrawn. It may receive no more of them.",
        "批次 {lot} 的序號 {serials} 係依 {authorisation} 首次移轉，帳戶 {account} 已自該授權撤除，"
        "不得再取得。",
    ),
}
