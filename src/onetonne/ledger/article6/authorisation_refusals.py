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
    "not_recallable": (
        155,
        "Serials {serials} of lot {lot} cannot be recalled under {authorisation}: {why}.",
        "批次 {lot} 的序號 {serials} 不得依 {authorisation} 召回：{why}。",
    ),
    "recall_too_late": (
        156,
        "Recall {recall} could be made until {until}; the act counts on {day}.",
        "召回 {recall} 之期限為 {until}；本行為於 {day} 生效。",
    ),
    "unknown_recall": (
        157,
        "There is no recall {recall}. See: onetonne a6 recalls.",
        "沒有召回 {recall}。請見：onetonne a6 recalls。",
    ),
    "recall_settled": (
        158,
        "The units of recall {recall} went back by entry {entry}. There is nothing to consent to.",
        "召回 {recall} 之單位已由條目 {entry} 歸還，無須再同意。",
    ),
    "consent_of_another": (
        159,
        "Recall {recall} waits for the consent of {holder}, not of {party}.",
        "召回 {recall} 待 {holder} 同意，而非 {party}。",
    ),
    "period_closed": (
        160,
        "The NDC period {period} of {party} was closed by entry {entry}: nothing of it is stated"
        " anew, and nothing is used for it.",
        "{party} 的 {period} NDC 期間已由條目 {entry} 結清：不得重新登載，亦不得再為其使用單位。",
    ),
    "period_not_over": (
        161,
        "The NDC period {period} of {party} is not over on {day}. Close it after its last year.",
        "{party} 的 {period} NDC 期間於 {day} 尚未屆滿，應於末年之後結清。",
    ),
    "unknown_agreement": (
        162,
        "There is no agreement {agreement}. Record it first: onetonne a6 agreement.",
        "沒有協定 {agreement}。請先登載：onetonne a6 agreement。",
    ),
    "party_not_in_agreement": (
        163,
        "{party} is no Party to agreement {agreement}; its Parties are {parties}.",
        "{party} 非協定 {agreement} 之締約方；其締約方為 {parties}。",
    ),
    "agreement_not_in_force": (
        164,
        "Agreement {agreement}, on which {approach} rests, is in force from {since} until {until};"
        " the act counts on {day}.",
        "{approach} 所依之協定 {agreement} 自 {since} 至 {until} 有效；本行為於 {day} 生效。",
    ),
    "left_its_host": (
        165,
        "Serials {serials} of lot {lot} were first transferred by entry {entry}: {host} does not"
        " count them as its own any more. A Party that holds them uses them: onetonne a6 use.",
        "批次 {lot} 的序號 {serials} 已由條目 {entry} 首次移轉，{host} 不得再自行計入。"
        "由持有之締約方使用：onetonne a6 use。",
    ),
    "one_per_entry": (
        166,
        "A command holds one {made} at most, known by its entry. Send the other by itself.",
        "一項指令至多含一筆{made}，並以其條目為識別。其餘請另行送出。",
    ),
    "approach_not_in_force": (
        167,
        "Cooperative approach {approach} is in force from {since} until {until}; the act counts on"
        " {day}. Authorise under one that is in force.",
        "合作方法 {approach} 自 {since} 至 {until} 有效；本行為於 {day} 生效。"
        "請改依有效之合作方法授權。",
    ),
}
