"""Reasons to refuse that Article 6 adds; part of the one list in `ledger.refusals`."""

from onetonne.ledger.article6 import register_refusals

CODES: dict[str, tuple[int, str, str]] = {
    "unknown_approach": (
        81,
        "There is no cooperative approach {approach}. Register it first: onetonne a6 approach.",
        "沒有合作方法 {approach}。請先登錄：onetonne a6 approach。",
    ),
    "party_not_in_approach": (
        82,
        "{party} takes no part in cooperative approach {approach}; its Parties are {parties}.",
        "{party} 未參與合作方法 {approach}；其締約方為 {parties}。",
    ),
    "participation_incomplete": (
        83,
        "{party} has not shown all it must before a first transfer; missing: {missing}.",
        "{party} 尚未具備首次移轉前的全部參與要件；缺少：{missing}。",
    ),
    "unknown_authorisation": (
        84,
        "There is no authorisation {authorisation}. Check its code.",
        "沒有授權 {authorisation}。請檢查代碼。",
    ),
    "authorisation_revoked": (
        85,
        "Authorisation {authorisation} was revoked by entry {entry}. A new one is needed.",
        "授權 {authorisation} 已由條目 {entry} 撤銷。須另行授權。",
    ),
    "authorisation_expired": (
        86,
        "Authorisation {authorisation} ended on {until}; the act counts on {day}.",
        "授權 {authorisation} 已於 {until} 屆期；本行為於 {day} 生效。",
    ),
    "authorisation_overlaps": (
        87,
        "The scope of {authorisation} may share serials with {other} (entry {entry}). Narrow it.",
        "{authorisation} 的範圍可能與 {other}（條目 {entry}）重疊。請縮小範圍。",
    ),
    "first_transfer_undefined": (
        88,
        "For {purposes} the first transfer is said by {expected}; found {found}.",
        "用途 {purposes} 的首次移轉定義應為 {expected}；收到 {found}。",
    ),
    "terms_fixed": (
        89,
        "The {field} of authorisation {authorisation} stays {fixed}. Authorise anew for another.",
        "授權 {authorisation} 的 {field} 固定為 {fixed}。若需更動請另行授權。",
    ),
    "lot_outside_scope": (
        90,
        "Lot {lot} (host {host}, vintage {vintage}) lies outside what {authorisation} may name.",
        "批次 {lot}（地主國 {host}、年份 {vintage}）不在 {authorisation} 可指定的範圍內。",
    ),
    "party_not_authorised": (
        91,
        "Authorisation {authorisation} is for {authorised}, not for {party}.",
        "授權 {authorisation} 的對象為 {authorised}，不含 {party}。",
    ),
    "entity_not_authorised": (
        92,
        "Account {account} is none of the entities of authorisation {authorisation}.",
        "帳戶 {account} 不是授權 {authorisation} 的實體。",
    ),
    "authorisation_cap_exceeded": (
        93,
        "Authorisation {authorisation} is for {cap} units; {wanted} wanted, {free} left.",
        "授權 {authorisation} 的上限為 {cap} 單位；要求 {wanted}，剩餘 {free}。",
    ),
    "not_authorised": (
        94,
        "Serials {serials} of lot {lot} are under no authorisation; {free} of those asked are.",
        "批次 {lot} 的序號 {serials} 未經授權；所求者中 {free} 單位已授權。",
    ),
    "purpose_not_authorised": (
        95,
        "Authorisation {authorisation} is for {authorised}, not for {purpose}.",
        "授權 {authorisation} 的用途為 {authorised}，不含 {purpose}。",
    ),
    "not_first_transferred": (
        96,
        "Serials {serials} of lot {lot} are not first transferred; {free} of those asked are. "
        "A host's own use is: cancel --kind towards_ndc_host.",
        "批次 {lot} 的序號 {serials} 尚未首次移轉；所求者中 {free} 單位已首次移轉。"
        "地主國自用請以 towards_ndc_host 取消。",
    ),
    "another_party": (
        97,
        "Account {account} is of {holder}; {party} uses what its own accounts hold.",
        "帳戶 {account} 屬於 {holder}；{party} 僅得使用其本身帳戶的單位。",
    ),
    "no_ndc_period": (
        98,
        "{party} has no recorded NDC for {year}; known periods: {known}. Record it first.",
        "{party} 未登載涵蓋 {year} 的 NDC；已知期間：{known}。請先登載。",
    ),
    "foreign_period": (
        99,
        "Lot {lot} is of {vintage}; an NDC of {period} is met with vintages of that period.",
        "批次 {lot} 的年份為 {vintage}；{period} 的 NDC 僅得以該期間的年份達成。",
    ),
    "other_approach": (
        100,
        "Lot {lot} was first transferred under {approach}, not under {asked}.",
        "批次 {lot} 是依 {approach} 首次移轉，並非 {asked}。",
    ),
    "metric_mismatch": (
        101,
        "Lot {lot} is measured in {metric}, the NDC of {party} in {ndc}. They are never added.",
        "批次 {lot} 以 {metric} 計量，{party} 的 NDC 以 {ndc} 計量，不得相加。",
    ),
    "already_used": (
        102,
        "Serials {serials} of lot {lot} were used by entry {entry}. A unit is used once.",
        "批次 {lot} 的序號 {serials} 已由條目 {entry} 使用。每一單位僅能使用一次。",
    ),
    "ndc_period_overlaps": (
        103,
        "{party} has an NDC for {period}; one for {asked} would cut into it.",
        "{party} 已有 {period} 的 NDC；{asked} 與之重疊。",
    ),
    "ndc_method_fixed": (
        104,
        "{party} adjusts by {method} in {period}; {asked} cannot be chosen within the period.",
        "{party} 於 {period} 採 {method} 調整；期間內不得改為 {asked}。",
    ),
    "first_transfer_stands": (
        105,
        "Entry {entry} first transferred or used units; that is not undone by a correction.",
        "條目 {entry} 已首次移轉或使用單位；不得以更正撤回。",
    ),
    "adjustment_by_hand": (
        106,
        "{field} {found}: an adjustment follows from first transfers and uses and is never typed.",
        "{field} {found}：相應調整由首次移轉與使用得出，不得手動填寫。",
    ),
    "use_not_stated": (
        107,
        "Lot {lot} is under authorisation {authorisation}: state its use with a6 use-for IMP.",
        "批次 {lot} 屬授權 {authorisation} 範圍：請以 a6 use-for IMP 載明其使用。",
    ),
    "first_transferred": (
        108,
        "Serials {serials} of lot {lot} were first transferred by entry {entry}; they are "
        "converted one for one, with others of the same authorisation alone.",
        "批次 {lot} 的序號 {serials} 已由條目 {entry} 首次移轉；僅得與同一授權之單位一對一轉換。",
    ),
    **register_refusals.CODES,
}
