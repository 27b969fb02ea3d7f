"""Reasons to refuse of the registers that move no units: contributions and plans, and of what a
surrender says of an NDC; part of the one list in `ledger.refusals`."""

CODES: dict[str, tuple[int, str, str]] = {
    "contribution_without_units": (
        109,
        "A contribution under Article 6.8 has no units and claims no tonnes; {field} says {found}."
        " Leave it out: units go by Article 6.2 or 6.4.",
        "依第 6.8 條之貢獻不含單位，亦不主張任何噸數；{field} 為 {found}。"
        "請刪去：單位依第 6.2 或 6.4 條移轉。",
    ),
    "giver_not_named": (
        110,
        "Who gives contribution {contribution}? Name a Party, a company, or both.",
        "貢獻 {contribution} 由誰提供？請指明締約方、公司或兩者。",
    ),
    "unknown_contribution": (
        111,
        "There is no contribution {contribution}. Check its code: onetonne a6 contributions.",
        "沒有貢獻 {contribution}。請檢查代碼：onetonne a6 contributions。",
    ),
    "contribution_withdrawn": (
        112,
        "Contribution {contribution} was withdrawn by entry {entry}. Record a new one.",
        "貢獻 {contribution} 已由條目 {entry} 撤回。請另行登載。",
    ),
    "ndc_effect_missing": (
        113,
        "Serials {serials} of lot {lot} are ITMOs: say what their surrender does, with ndc_effect:"
        " {known}.",
        "批次 {lot} 的序號 {serials} 為國際轉移減緩成果：請以 ndc_effect 指明繳交之效果：{known}。",
    ),
    "ndc_effect_contradicted": (
        114,
        "ndc_effect {effect} does not fit these units: {why}.",
        "ndc_effect 所指之 {effect} 與這些單位不符：{why}。",
    ),
    "surrendered_for_others": (
        115,
        "Serials {serials} of lot {lot} were surrendered for other purposes (oimp) by entry"
        " {entry}; they are used towards no NDC.",
        "批次 {lot} 的序號 {serials} 已由條目 {entry} 為其他目的（oimp）繳交，不得用於 NDC。",
    ),
}
