"""Reasons to refuse of the registers that move no units: contributions and plans, and of what a
surrender says of an NDC; part of the one list in `ledger.refusals`."""

CODES: dict[str, tuple[int, str, str]] = {
    "contribution_without_units": (
        138,
        "A contribution under Article 6.8 has no units and claims no tonnes; {field} says {found}."
        " Leave it out: units go by Article 6.2 or 6.4.",
        "依第 6.8 條之貢獻不含單位，亦不主張任何噸數；{field} 為 {found}。"
        "請刪去：單位依第 6.2 或 6.4 條移轉。",
    ),
    "giver_not_named": (
        139,
        "Who gives contribution {contribution}? Name a Party, a company, or both.",
        "貢獻 {contribution} 由誰提供？請指明締約方、公司或兩者。",
    ),
    "unknown_contribution": (
        140,
        "There is no contribution {contribution}. Check its code: onetonne a6 contributions.",
        "沒有貢獻 {contribution}。請檢查代碼：onetonne a6 contributions。",
    ),
    "contribution_withdrawn": (
        141,
        "Contribution {contribution} was withdrawn by entry {entry}. Record a new one.",
        "貢獻 {contribution} 已由條目 {entry} 撤回。請另行登載。",
    ),
    "ndc_effect_missing": (
        142,
        "Serials {serials} of lot {lot} are ITMOs: say what their surrender does, with ndc_effect:"
        " {known}.",
        "批次 {lot} 的序號 {serials} 為國際轉移減緩成果：請以 ndc_effect 指明繳交之效果：{known}。",
    ),
    "ndc_effect_contradicted": (
        143,
        "ndc_effect {effect} does not fit these units: {why}.",
        "ndc_effect 所指之 {effect} 與這些單位不符：{why}。",
    ),
    "surrendered_for_others": (
        144,
        "Serials {serials} of lot {lot} were surrendered for other purposes (oimp) by entry"
        " {entry}; they are used towards no NDC.",
        "批次 {lot} 的序號 {serials} 已由條目 {entry} 為其他目的（oimp）繳交，不得用於 NDC。",
    ),
    "plan_shares_overlap": (
        145,
        "Shares {sector} and {other} name the same vintages and projects. Name each once.",
        "計畫之 {sector} 與 {other} 涵蓋相同的年份與專案。請各僅列一次。",
    ),
    "plan_needs_cap": (
        146,
        "{party} has a plan for {period}: authorisation {authorisation} needs a cap.",
        "{party} 訂有 {period} 計畫：授權 {authorisation} 須設上限。",
    ),
    "beyond_plan": (
        147,
        "Authorisation {authorisation} asks for {wanted} units; the plan of {party} for {period}"
        " leaves {free}. Lower the cap, record a new plan, or have an authority override it by"
        " name.",
        "授權 {authorisation} 要求 {wanted} 單位；{party} 的 {period} 計畫尚餘 {free}。"
        "請降低上限、登載新計畫，或由主管機關具名排除。",
    ),
    "breaks_pledge": (
        148,
        "Authorisation {authorisation} asks for {wanted} units; the NDC of {party} for {period}"
        " is met with {free} at most. Lower the cap, or have an authority override it by name.",
        "授權 {authorisation} 要求 {wanted} 單位；{party} 的 {period} NDC 至多僅容 {free}。"
        "請降低上限，或由主管機關具名排除。",
    ),
}
