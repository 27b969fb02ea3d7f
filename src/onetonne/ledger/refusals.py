"""Every reason to refuse, in order of precedence within one act; a code is never reused.

A refusal leaves no trace in the journal and consumes no idempotency key. Its facts name
what was in the way and what is free; the sentences are for people, the code for programs.
"""

from typing import Any

import msgspec

from onetonne.base.wording import closed_up
from onetonne.ledger.article6 import authorisation_refusals as authorisations
from onetonne.ledger.article6 import mechanism_refusals as mechanism
from onetonne.ledger.article6 import refusals as article6
from onetonne.ledger.article6 import register_refusals as registers
from onetonne.ledger.compliance_refusals import CODES as OF_COMPLIANCE
from onetonne.ledger.compliance_refusals import PAYMENTS
from onetonne.ledger.refusal_words import worded


class Refusal(msgspec.Struct, frozen=True):
    """The answer no: a stable code and the facts that explain it."""

    code: str
    facts: dict[str, Any] = {}

    def sentence(self, language: str = "en") -> str:
        """What happened, what was expected, what to do; `language` is "en" or "zh"."""
        _, en, zh = CODES[self.code]
        if "act_number" in self.facts:
            en = "Act {act_number} ({act_kind}): " + en
            zh = "第 {act_number} 項（{act_kind}）：" + zh
        if language.startswith("zh"):
            return closed_up(zh.format_map(_Facts(_in_chinese(self), "（空白）")))
        return en.format_map(_Facts(_in(self.facts, "en"), "(empty)"))


def _in(facts: dict[str, Any], language: str) -> dict[str, Any]:
    """Facts whose words the law gives in both languages, in one of them."""
    return {
        n: f[language] if isinstance(f, dict) and language in f else f for n, f in facts.items()
    }


def _in_chinese(refusal: Refusal) -> dict[str, Any]:
    facts = _in(refusal.facts, "zh")
    return {n: worded(refusal.code, n, f) if isinstance(f, str) else f for n, f in facts.items()}


class _Facts(dict[str, Any]):
    """Facts for a template; what is empty is said to be, what is not there is a question mark."""

    def __init__(self, facts: dict[str, Any], empty: str) -> None:
        super().__init__({name: empty if fact == "" else fact for name, fact in facts.items()})

    def __missing__(self, key: str) -> str:
        return "?"


class Refused(Exception):
    """How a guard leaves an act; `decide` turns it into its Refusal."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, facts)


CODES: dict[str, tuple[int, str, str]] = {
    "empty_request": (
        1,
        "Nothing was asked for. Name at least one act.",
        "沒有要求任何行為。請至少列出一項。",
    ),
    "too_many_items": (
        2,
        "{count} items in one command; at most {limit} fit one entry. Split the command.",
        "一個指令含 {count} 個項目；一筆日誌最多 {limit} 個。請分成數個指令。",
    ),
    "entry_too_large": (
        3,
        "The entry would be {bytes} bytes; a log entry holds {limit}. Split the command.",
        "日誌條目將為 {bytes} 位元組；上限為 {limit}。請分成數個指令。",
    ),
    "key_reused": (
        4,
        "Idempotency key {key} was used for another request (entry {entry}). Use a new key.",
        "冪等鍵 {key} 已用於另一個請求（條目 {entry}）。請使用新的鍵。",
    ),
    "unknown_person": (
        5,
        "No active person {person} is enrolled. Enrol them first: onetonne person add.",
        "沒有已登錄且有效的人員 {person}。請先登錄：onetonne person add。",
    ),
    "not_permitted": (
        6,
        "Person {person} may not {act} here: {needed} is required.",
        "人員 {person} 不得在此執行 {act}：需要 {needed}。",
    ),
    "needs_two_people": (
        7,
        "Account {account} acts only with two people. Propose, and let another approve.",
        "帳戶 {account} 須由兩人共同行使。請先提案，再由另一人核准。",
    ),
    "effective_day_not_allowed": (
        8,
        "Another effective day needs a correction, an observation or a cited decision.",
        "僅更正、觀察或引用主管機關決定的行為，才可另訂生效日。",
    ),
    "effective_day_in_future": (
        9,
        "Effective day {day} lies after today, {today}. Give a day up to today.",
        "生效日 {day} 晚於今日 {today}。請填今日或之前的日期。",
    ),
    "effective_before_last_move": (
        10,
        "These serials last moved on {moved}; an act on them cannot take effect on {day}.",
        "這些序號最後於 {moved} 移轉；其後的行為不得回溯至 {day} 生效。",
    ),
    "number_taken": (
        11,
        "{what} {number} exists already. Choose another.",
        "{what} {number} 已存在。請另選。",
    ),
    "unknown_party": (
        12,
        "{party} is no Party or country code (ISO 3166-1 alpha-2, or EU). Check it.",
        "{party} 不是締約方或國家代碼（ISO 3166-1 二位碼或 EU）。請檢查。",
    ),
    "unknown_kind": (
        13,
        "{kind} is no {what}; known are {known}.",
        "{kind} 不是已知的{what}；已知者為 {known}。",
    ),
    "unknown_account": (
        14,
        "There is no account {account} in this ledger. Check the number.",
        "本帳本沒有帳戶 {account}。請檢查號碼。",
    ),
    "account_closed": (
        15,
        "Account {account} was closed by entry {entry}. Use an open account.",
        "帳戶 {account} 已由條目 {entry} 關閉。請使用未關閉的帳戶。",
    ),
    "account_not_empty": (
        16,
        "Account {account} still holds {held} units. Move them, then close it.",
        "帳戶 {account} 仍持有 {held} 單位。請先移出再關閉。",
    ),
    "sink_is_final": (
        17,
        "Account {account} is a sink ({sink}); what entered leaves only by a correction.",
        "帳戶 {account} 為終端帳戶（{sink}）；進入者僅能經更正移出。",
    ),
    "not_an_end": (
        18,
        "Account {account} is a sink. Use retire, cancel, surrender or convert to enter it.",
        "帳戶 {account} 為終端帳戶。請以 retire、cancel、surrender 或 convert 進入。",
    ),
    "same_account": (
        19,
        "Source and target are the same account {account}. Name two accounts.",
        "來源與目的為同一帳戶 {account}。請填兩個不同帳戶。",
    ),
    "unknown_project": (
        20,
        "There is no project {project} in this ledger. Register it first.",
        "本帳本沒有專案 {project}。請先登錄。",
    ),
    "unknown_unit": (
        21,
        "Unit type {unit} is not in the lawbook. See: onetonne units.",
        "法規庫沒有單位類型 {unit}。請見：onetonne units。",
    ),
    "act_not_permitted_for_unit": (
        22,
        "{unit} does not permit {act} ({sink}); it permits {permitted}. {source}",
        "{unit} 不允許 {act}（{sink}）；允許者為 {permitted}。{source}",
    ),
    "missing_fact": (
        23,
        "{unit} needs {missing}. Give it.",
        "{unit} 須載明 {missing}。請補充。",
    ),
    "activity_mismatch": (
        24,
        "{unit} is issued for {expected}, not for {found}.",
        "{unit} 僅就 {expected} 核發，不適用 {found}。",
    ),
    "bad_quantity": (
        25,
        "{quantity} is no quantity of whole units; give 1 to {limit}.",
        "{quantity} 不是有效的整數單位數量；請填 1 至 {limit}。",
    ),
    "bad_number": (
        26,
        "{text} is no serial number or range; write 1-500 or 7.",
        "{text} 不是序號或序號範圍；請寫成 1-500 或 7。",
    ),
    "item_malformed": (
        27,
        "An item names either serials or a quantity of a lot: {item}.",
        "每個項目須為序號或數量其中之一：{item}。",
    ),
    "unknown_lot": (
        28,
        "There is no lot {lot} in this ledger. Check the lot.",
        "本帳本沒有批次 {lot}。請檢查批次。",
    ),
    "outside_lot": (
        29,
        "Serials {serials} lie outside lot {lot}, which has {has}.",
        "序號 {serials} 超出批次 {lot} 的範圍（{has}）。",
    ),
    "named_twice": (
        30,
        "Serials {serials} of lot {lot} are named twice in this command.",
        "批次 {lot} 的序號 {serials} 在此指令中重複。",
    ),
    "held_elsewhere": (
        31,
        "Account {account} does not hold all of {serials} in lot {lot}: {elsewhere}. "
        "It holds {free} of them free.",
        "帳戶 {account} 未持有批次 {lot} 的全部序號 {serials}：{elsewhere}。"
        "其中可用者 {free} 單位。",
    ),
    "locked": (
        32,
        "Serials {serials} of lot {lot} are locked: {locks}. Free of them: {free}. "
        "Lift the lock first.",
        "批次 {lot} 的序號 {serials} 已鎖定：{locks}。其中可用者 {free} 單位。請先解除鎖定。",
    ),
    "not_enough_free": (
        33,
        "Account {account} has {free} free units of lot {lot}; {wanted} were asked for "
        "({locked} more are locked).",
        "帳戶 {account} 在批次 {lot} 有 {free} 個可用單位；要求 {wanted} 個"
        "（另有 {locked} 個已鎖定）。",
    ),
    "too_fragmented": (
        34,
        "The items cross {pieces} holdings; at most {limit} fit one entry. Ask for fewer.",
        "所列項目跨越 {pieces} 筆持有；一筆條目最多 {limit} 筆。請減少數量。",
    ),
    "missing_beneficiary": (
        35,
        "A retirement names its beneficiary. Give one.",
        "註銷使用須載明受益人。請填寫。",
    ),
    "missing_period": (
        36,
        "{act} for {kind} names the period that it covers. Give it, e.g. 2025.",
        "以 {kind} 為目的之 {act} 須載明期間，例如 2025。",
    ),
    "unknown_rule": (
        37,
        "The lawbook has no conversion {rule}. Known: {known}.",
        "法規庫沒有轉換規則 {rule}。已知：{known}。",
    ),
    "rule_not_in_force": (
        38,
        "Conversion {rule} holds from {since} to {until}; today is {today}.",
        "轉換規則 {rule} 適用期間為 {since} 至 {until}；今日為 {today}。",
    ),
    "rule_does_not_fit": (
        39,
        "Conversion {rule} takes {expected}; lot {lot} is {found}.",
        "轉換規則 {rule} 僅適用 {expected}；批次 {lot} 為 {found}。",
    ),
    "nothing_to_convert": (
        40,
        "{quantity} units make no whole {unit} at {ratio}. Give more.",
        "{quantity} 單位以 {ratio} 不足一個 {unit}。請增加數量。",
    ),
    "unknown_lock": (
        41,
        "There is no lock {lock} in force. See: onetonne lock list.",
        "沒有生效中的鎖定 {lock}。請見：onetonne lock list。",
    ),
    "lock_not_yours": (
        42,
        "Lock {lock} may be lifted by {lift_by}, not by person {person}.",
        "鎖定 {lock} 僅得由 {lift_by} 解除，而非人員 {person}。",
    ),
    "lock_is_managed": (
        43,
        "Lock {lock} ({kind}) is lifted by its own procedure, not by hand.",
        "鎖定 {lock}（{kind}）由其程序解除，不得手動解除。",
    ),
    "day_has_passed": (
        44,
        "{day} is not after today, {today}. Give a later day.",
        "{day} 未晚於今日 {today}。請填較晚的日期。",
    ),
    "not_yet_due": (
        45,
        "{what} {number} runs until {until}; today is {today}.",
        "{what} {number} 有效至 {until}；今日為 {today}。",
    ),
    "unknown_proposal": (
        46,
        "There is no proposal {proposal}. See: onetonne proposals.",
        "沒有提案 {proposal}。請見：onetonne proposals。",
    ),
    "proposal_settled": (
        47,
        "Proposal {proposal} was already {outcome}.",
        "提案 {proposal} 已{outcome}。",
    ),
    "same_person": (
        48,
        "Person {person} made proposal {proposal}; another person must decide on it.",
        "提案 {proposal} 由人員 {person} 提出；須由另一人決定。",
    ),
    "not_proposer": (
        49,
        "Only person {by}, who made proposal {proposal}, may withdraw it.",
        "僅提案人 {by} 得撤回提案 {proposal}。",
    ),
    "label_written": (
        50,
        "Label {kind} of lot {lot} {serials} was written once by entry {entry}.",
        "批次 {lot} 序號 {serials} 的標籤 {kind} 已由條目 {entry} 寫入，不得更改。",
    ),
    "bad_label_value": (
        51,
        "Label {kind} takes {expected}; got {found}.",
        "標籤 {kind} 的值應為 {expected}；收到 {found}。",
    ),
    "unknown_entry": (
        52,
        "There is no entry {entry} in this ledger.",
        "本帳本沒有條目 {entry}。",
    ),
    "nothing_to_correct": (
        53,
        "Entry {entry} has no move that a correction could reverse: {why}.",
        "條目 {entry} 沒有可更正的移轉：{why}。",
    ),
    "moved_since": (
        54,
        "Serials {serials} of lot {lot} moved again in entry {entry}. Correct that first.",
        "批次 {lot} 的序號 {serials} 已於條目 {entry} 再次移轉。請先更正該條目。",
    ),
    "bad_digest": (
        55,
        "{what} is no SHA-256 digest in 64 hexadecimal digits.",
        "{what} 不是 64 位十六進位的 SHA-256 摘要。",
    ),
    "unknown_observation": (
        56,
        "There is no observation {observation}. Import the register's export first.",
        "沒有觀察 {observation}。請先匯入該註冊簿的匯出檔。",
    ),
    "row_not_observed": (
        57,
        "This row is not in observation {observation}: its proof does not lead to the root.",
        "此列不在觀察 {observation} 中：其證明無法推得根雜湊。",
    ),
    "row_does_not_fit": (
        58,
        "The observed row is {found}; {expected} is needed.",
        "觀察到的列為 {found}；需要 {expected}。",
    ),
    "foreign_serial_used": (
        59,
        "Foreign serials {serials} were taken in before, as lot {lot}.",
        "外國序號 {serials} 已納入為批次 {lot}。",
    ),
    "bad_proposal": (
        60,
        "A proposal holds acts on this ledger's units; {act} cannot be proposed.",
        "提案僅可包含對本帳本單位的行為；{act} 不得提案。",
    ),
    "bad_text": (
        61,
        "{field} is {found}; expected {expected}.",
        "{field} 為 {found}；應為 {expected}。",
    ),
    "unit_not_in_force": (
        62,
        "{unit} is issued from {since} to {until}; today is {today}. Issue another unit.",
        "{unit} 的核發期間為 {since} 至 {until}；今日為 {today}。請改核發其他單位。",
    ),
    **OF_COMPLIANCE,
    **article6.CODES,
    **mechanism.CODES,
    **registers.CODES,
    **PAYMENTS,
    **authorisations.CODES,
    "last_registrar": (
        168,
        "Person {person} is the only registrar: without one nobody could act. Enrol another first.",
        "人員 {person} 是唯一的登錄員：解除後將無人可執行。請先登錄另一位登錄員。",
    ),
}
