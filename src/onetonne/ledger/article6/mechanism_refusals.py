"""Reasons to refuse that a crediting mechanism adds; part of the one list in `ledger.refusals`."""

CODES: dict[str, tuple[int, str, str]] = {
    "unknown_activity": (
        109,
        "{activity} is no activity of a mechanism. Submit it first: onetonne a6 submit.",
        "{activity} 不是機制下之活動。請先提出：onetonne a6 submit。",
    ),
    "activity_state": (
        110,
        "Activity {activity} is {state}; {act} wants {wanted}.",
        "活動 {activity} 目前為 {state}；{act} 須為 {wanted}。",
    ),
    "transition_closed": (
        111,
        "In the transition from the CDM the {step} was possible until {until}; this is {day}.",
        "CDM 轉換之 {step} 至 {until} 為止；本次為 {day}。",
    ),
    "bad_crediting_period": (
        112,
        "{first} to {last} is no crediting period: it has at most {years} years, begins on "
        "{earliest} at the earliest and may end on {latest} at the latest.",
        "{first} 至 {last} 不得為計入期：至多 {years} 年，最早自 {earliest} 起，最遲至 {latest}。",
    ),
    "no_renewal_left": (
        113,
        "Activity {activity} was renewed {done} times; {most} are allowed.",
        "活動 {activity} 已展延 {done} 次；至多 {most} 次。",
    ),
    "outside_crediting_period": (
        114,
        "{monitored} does not lie in the crediting period of {activity}, {first} to {last}.",
        "{monitored} 不在活動 {activity} 的計入期 {first} 至 {last} 內。",
    ),
    "verified_before": (
        115,
        "Entry {entry} verified {activity} for {first} to {last} already. Give other days.",
        "條目 {entry} 已就 {first} 至 {last} 查證活動 {activity}。請填其他期間。",
    ),
    "unknown_verification": (
        116,
        "Entry {verification} certifies no reductions. See: onetonne a6 activity.",
        "條目 {verification} 並非減量查證。請見：onetonne a6 activity。",
    ),
    "not_verified": (
        117,
        "Of verification {verification} {left} units are left; {asked} were asked for.",
        "查證 {verification} 尚餘 {left} 單位；要求 {asked}。",
    ),
    "reversal_owed": (
        118,
        "Activity {activity} still owes {owed} units for reversals. Make them good first.",
        "活動 {activity} 尚欠逆轉補救 {owed} 單位。請先補足。",
    ),
    "no_account_of_kind": (
        119,
        "There is no open account of kind {kind}. Open one first.",
        "沒有種類為 {kind} 的開立帳戶。請先開立。",
    ),
    "levied_issue_only": (
        120,
        "Units of activity {activity} are issued with their levies: onetonne a6 issue.",
        "活動 {activity} 之單位須連同提撥核發：onetonne a6 issue。",
    ),
    "administered_account": (
        121,
        "Account {account} ({kind}) is the mechanism's own; only its acts take units from there.",
        "帳戶 {account}（{kind}）由機制管理；僅得依機制之行為移出。",
    ),
    "not_pending": (
        122,
        "Account {account} holds no pending units. Transfer them instead.",
        "帳戶 {account} 並非待轉發帳戶。請改用移轉。",
    ),
    "not_a_participant": (
        123,
        "Account {account} is no participant of the activity of lot {lot}.",
        "帳戶 {account} 並非批次 {lot} 所屬活動之參與者。",
    ),
    "mcu_stays": (
        124,
        "Serials {serials} of lot {lot} are not authorised: as mitigation contribution units they "
        "stay with {host}.",
        "批次 {lot} 的序號 {serials} 未獲授權：屬減緩貢獻單位，不得離開 {host}。",
    ),
    "too_late_to_authorise": (
        125,
        "Serials {serials} of lot {lot} are out of reach of {authorisation}: they were transferred "
        "or used since their issuance, or its time has passed.",
        "批次 {lot} 的序號 {serials} 不得列入 {authorisation}：核發後已移轉或使用，或已逾期限。",
    ),
    "no_boundary": (
        126,
        "Project {project} has declared no boundary: onetonne a6 boundary.",
        "專案 {project} 尚未申報邊界：onetonne a6 boundary。",
    ),
    "other_route": (
        127,
        "For these days {project} is credited as {route}, not as {unit}. Change its route first.",
        "{project} 於此期間之核發途徑為 {route}，而非 {unit}。請先變更途徑。",
    ),
    "route_stands": (
        128,
        "Project {project} is credited as {route} since {since}. Name another, from a later day.",
        "專案 {project} 自 {since} 起之途徑為 {route}。請填較晚日期起之其他途徑。",
    ),
    "credited_already": (
        129,
        "Project {project} was credited for {first} to {last} (lot {lot}, entry {entry}).",
        "專案 {project} 於 {first} 至 {last} 已獲核發（批次 {lot}、條目 {entry}）。",
    ),
    "boundary_overlap": (
        130,
        "The reductions at {key} from {first} to {last} were credited to {project} as lot {lot}, "
        "entry {entry}.",
        "{key} 於 {first} 至 {last} 之減量已核發予 {project}（批次 {lot}、條目 {entry}）。",
    ),
    "no_reversal_risk": (
        131,
        "Activity {activity} has no risk of reversal and no part in the buffer.",
        "活動 {activity} 無逆轉風險，未提撥緩衝。",
    ),
    "buffer_too_small": (
        132,
        "The buffer holds {own} units of {activity} and {pool} of others; {asked} were asked for.",
        "緩衝帳戶有 {activity} 之 {own} 單位及其他 {pool} 單位；要求 {asked}。",
    ),
    "unknown_reversal": (
        133,
        "Entry {reversal} reports no reversal.",
        "條目 {reversal} 並非逆轉通報。",
    ),
    "not_of_mechanism": (
        134,
        "Lot {lot} is {unit}; {wanted} are needed.",
        "批次 {lot} 為 {unit}；須為 {wanted}。",
    ),
    "more_than_owed": (
        135,
        "Of reversal {reversal} {left} units are still to be made good; {asked} were given.",
        "逆轉 {reversal} 尚須補足 {left} 單位；提供 {asked}。",
    ),
    "not_first_ndc": (
        136,
        "Units of an earlier mechanism serve the first NDC of {party} alone, from {first} on; "
        "{year} lies in {period}.",
        "先前機制之單位僅得用於 {party} 之首期 NDC（自 {first} 起）；{year} 屬 {period}。",
    ),
    "earlier_unit_unusable": (
        137,
        "Lot {lot} may not be used towards a first NDC: {why}.",
        "批次 {lot} 不得用於首期 NDC：{why}。",
    ),
}
