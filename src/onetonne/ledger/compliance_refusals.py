"""The reasons of compliance systems to refuse; their numbers go on where the ledger's own end."""

CODES: dict[str, tuple[int, str, str]] = {
    "unknown_system": (
        63,
        "The law knows no system {system}. Known: {known}. See: onetonne law list.",
        "法規庫沒有體系 {system}。已知：{known}。請見：onetonne law list。",
    ),
    "unknown_period": (
        64,
        "{system} has no period {period}; its periods are {known}.",
        "{system} 沒有期別 {period}；其期別為 {known}。",
    ),
    "not_an_operator": (
        65,
        "{operator} is no operator of {system}, or that account is not its own. "
        "Register it: onetonne ets operator.",
        "{operator} 不是 {system} 的納管事業，或該帳戶非其所有。請登錄：onetonne ets operator。",
    ),
    "not_eligible": (
        66,
        "Serials {serials} of lot {lot} may not be used in {system} for {period} on {day}: "
        "{because}.",
        "批次 {lot} 的序號 {serials} 於 {day} 不得用於 {system} 之 {period} 期：{because}。",
    ),
    "indeterminate": (
        67,
        "Whether serials {serials} of lot {lot} may be used in {system} for {period} on {day} "
        "cannot be settled ({clauses}). Not known: {missing}.",
        "批次 {lot} 的序號 {serials} 於 {day} 可否用於 {system} 之 {period} 期無法確定"
        "（{clauses}）。未知：{missing}。",
    ),
    "limit_exceeded": (
        68,
        "{operator} has room for {room} in {system} for {period}, not for {asked}: {because}.",
        "{operator} 於 {system} 之 {period} 期尚可使用 {room}，不及 {asked}：{because}。",
    ),
    "limit_not_known": (
        69,
        "{operator} has room for {room} for certain in {system} for {period}, not for {asked}: "
        "{because}. A figure is missing, or the law leaves open how much more.",
        "{operator} 於 {system} 之 {period} 期確定可用者為 {room}，不及 {asked}：{because}。"
        "尚缺所據數值，或法規未明定其餘。",
    ),
    "no_decision": (
        70,
        "{act} rests on a decision: cite it (--cites; to replace a report of emissions, "
        "--decision).",
        "{act} 須依據一項決定：請引用（--cites；取代已核准之排放量申報者用 --decision）。",
    ),
    "must_be_proposed": (
        71,
        "{act} takes effect when another person approves it. Propose it.",
        "{act} 須經另一人核准始生效。請以提案為之。",
    ),
    "cap_exceeded": (
        72,
        "The cap of {system} for {period} is {cap}; {left} are left to be issued, not {asked}.",
        "{system} 之 {period} 期總量為 {cap}；尚可核發 {left}，不及 {asked}。",
    ),
    "no_excess": (
        73,
        "{operator} has surrendered {excess} t more than it owes in {system} for {period}; the "
        "{units} units that are to go back stand for {asked} t.",
        "{operator} 於 {system} 之 {period} 期僅超繳 {excess} 噸；"
        "所請退還之 {units} 單位計 {asked} 噸。",
    ),
    "not_used_here": (
        74,
        "Serials {serials} of lot {lot} were not surrendered by {operator} to {system} for "
        "{period}.",
        "批次 {lot} 的序號 {serials} 並非由 {operator} 就 {system} 之 {period} 期繳交。",
    ),
    "unknown_recognition": (
        75,
        "No recognition of entry {entry} is in force.",
        "條目 {entry} 沒有生效中的認可。",
    ),
    "unknown_duty": (
        76,
        "No duty of entry {entry} is open; one that is overdue is made good by other units."
        " See: onetonne ets duties.",
        "條目 {entry} 沒有待履行的義務；逾期者須以其他單位替換。請見：onetonne ets duties。",
    ),
    "not_enough_to_replace": (
        77,
        "The duties of entry {entry} need {tonnes} units of replacement, not {asked}.",
        "條目 {entry} 的義務須以 {tonnes} 單位替補，不是 {asked}。",
    ),
    "not_for_this_period": (
        78,
        "Lot {lot} is of {found}; allowances of {expected} are needed.",
        "批次 {lot} 屬 {found}；須為 {expected} 之配額。",
    ),
    "not_the_states": (
        79,
        "Account {account} is no Party's; allowances are allocated from the State's account.",
        "帳戶 {account} 非締約方帳戶；配額須自國家帳戶核配。",
    ),
    "under_duty": (
        80,
        "Serials {serials} of lot {lot} stand under a duty of entry {entry}. Settle it first.",
        "批次 {lot} 的序號 {serials} 附有條目 {entry} 之義務。請先了結該義務。",
    ),
}

PAYMENTS: dict[str, tuple[int, str, str]] = {
    "wrong_currency": (
        149,
        "A payment in {found} cannot be recorded here; it is made in {expected}.",
        "此處無法登載以 {found} 計之繳款；應以 {expected} 計。",
    ),
    "more_than_paid": (
        150,
        "{asked} cannot be taken back: {paid} are recorded as paid.",
        "無法減列 {asked}：已登載繳納者為 {paid}。",
    ),
}
"""Of money that was paid; numbered apart, after those of Article 6."""
