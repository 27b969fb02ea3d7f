"""What can be wrong with a log, a passport or a ledger: code, facts, a sentence in both languages.

Codes are stable and never used again for something else; the texts may be improved at any time.
"""

import msgspec

from onetonne.base.wording import closed_up
from onetonne.ledger.finding_words import WORDS
from onetonne.ledger.table_findings import TABLE_TEXTS


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong: `where` it is, what was expected there, what was found; empty where
    the code says it all. A log counts its entries from 0, the journal from 1."""

    code: str
    where: str
    expected: str = ""
    found: str = ""

    def sentence(self, language: str = "en") -> str:
        """What is wrong and what to do, in `en` or `zh`."""
        en, zh = TEXTS[self.code]
        facts = {"where": self.where, "expected": self.expected, "found": self.found}
        if language.startswith("zh"):
            return closed_up(zh.format_map({name: WORDS.zh(fact) for name, fact in facts.items()}))
        return en.format_map(facts)


TEXTS: dict[str, tuple[str, str]] = {
    # of a published log
    "checkpoint_missing": (
        "There is no checkpoint in {found}: expected one signed by {expected}. Check the path (of a"
        " ledger in PostgreSQL: ONETONNE_FOLDER) or ask the log.",
        "{found} 沒有檢查點：應有由 {expected} 簽署的檢查點。請確認路徑（PostgreSQL 的帳本："
        "ONETONNE_FOLDER）或洽詢日誌營運者。",
    ),
    "checkpoint_forged": (
        "The checkpoint is not signed by {expected} ({found}). Keep it as evidence, ask a mirror.",
        "檢查點並非由 {expected} 簽署（{found}）。請保留作為證據，並向鏡像站查證。",
    ),
    "key_beside": (
        "Beside the log stands another key, in {where}: expected {expected}, found {found}. Find"
        " out which of them is the registry's before anything more is signed.",
        "日誌旁另有一把金鑰（{where}）：應為 {expected}，實為 {found}。"
        "在再簽署任何內容之前，請查明何者為登錄簿的金鑰。",
    ),
    "known_checkpoint_unusable": (
        "The {where} is not signed by {expected} ({found}), so it shows nothing. Obtain it again.",
        "{where} 並非由 {expected} 簽署（{found}），無法作為比對依據。請重新取得。",
    ),
    "checkpoint_malformed": (
        "The file of the {where} holds none: expected the signed note of the log, as `onetonne"
        " checkpoint` gives it. Give the file that holds it.",
        "{where} 的檔案內沒有檢查點：應為日誌已簽署的檢查點，如 `onetonne checkpoint` 所給。"
        "請提供內含檢查點的檔案。",
    ),
    "checkpoint_elsewhere": (
        "The {where} is of another ledger, {found}; expected {expected}. Give that of this ledger,"
        " or the key of the other.",
        "{where} 屬於另一帳本 {found}；應為 {expected}。請提供本帳本的檢查點，或該帳本的金鑰。",
    ),
    "checkpoint_other_key": (
        "The {where} is signed by another key of that name; expected {expected}. Ask the registry"
        " which key is its own, and since when.",
        "{where} 由同名的另一把金鑰簽署；應為 {expected}。請向登錄機構確認其金鑰及啟用時間。",
    ),
    "handover_none": (
        "The {where} names {found} keys to come; expected one, as `onetonne key replace` writes it."
        " Ask the registry for its handover.",
        "{where} 指名 {found} 把後繼金鑰；應為一把，如 `onetonne key replace` 所寫。"
        "請向登錄機構索取其金鑰交接書。",
    ),
    "handover_unsigned": (
        "The {where} names the key {expected}, which did not sign it ({found}). Trust neither: ask"
        " the registry by another way.",
        "{where} 指名金鑰 {expected}，但該金鑰並未簽署（{found}）。"
        "兩者皆不可信：請以其他管道洽詢登錄機構。",
    ),
    "handover_to_itself": (
        "The {where} hands over to {expected}, which is the key that you gave: nothing follows from"
        " that. Give the key before it.",
        "{where} 交接予 {expected}，即您所提供的金鑰：無從證明任何事。請提供其先前的金鑰。",
    ),
    "checkpoint_older": (
        "The {where} has {expected} entries, the one held against it only {found}. Ask the registry"
        " for a newer one; if it has none, its log was rolled back.",
        "{where} 有 {expected} 筆，與之比對者僅 {found} 筆。"
        "請向登錄機構索取較新者；如無，即其日誌遭回溯。",
    ),
    "consistency_missing": (
        "There is no proof here that the checkpoint of {found} entries extends the {where} of"
        " {expected}. Send the registry the {where}, and ask for a proof since then (--since).",
        "此處並無證明顯示 {found} 筆的檢查點延續 {expected} 筆的 {where}。"
        "請將 {where} 送交登錄機構，索取自該時起的證明（--since）。",
    ),
    "consistency_other": (
        "The proof begins at a checkpoint of {found} entries, the {where} has {expected}. Give the"
        " checkpoint that it was made for, or ask for a proof since this one.",
        "證明始於 {found} 筆的檢查點，{where} 則有 {expected} 筆。"
        "請提供該證明所對應的檢查點，或索取自此檢查點起的證明。",
    ),
    "consistency_wrong": (
        "The proof does not lead from the {where} of {expected} entries to that of {found}: either"
        " it was altered, or the log was forked. Ask the registry for it again; if none leads"
        " there, two histories were signed: report both checkpoints.",
        "證明無法由 {expected} 筆的 {where} 導向 {found} 筆者：證明遭竄改，或日誌出現分歧。"
        "請向登錄機構重新索取；若均無法導向，即曾簽署兩種歷史，請將兩個檢查點一併通報。",
    ),
    "log_rolled_back": (
        "The log was rolled back: a checkpoint kept elsewhere has {expected} entries, this log has"
        " {found}. Ask the operator for the missing entries.",
        "日誌遭回溯：他處保存的檢查點有 {expected} 筆，本日誌僅有 {found} 筆。"
        "請向營運者索取缺漏的紀錄。",
    ),
    "log_forked": (
        "The log was forked: the {where} kept elsewhere has root {expected}, this log gives"
        " {found}. Two histories were signed; report both.",
        "日誌出現分歧：他處保存的 {where} 根雜湊為 {expected}，本日誌為 {found}。"
        "曾簽署兩種歷史，請一併通報。",
    ),
    "log_root_mismatch": (
        "The entries do not lead to the signed root: expected {expected}, found {found}."
        " Compare with a mirror.",
        "紀錄無法得出已簽署的根雜湊：應為 {expected}，實為 {found}。請與鏡像站比對。",
    ),
    "log_truncated": (
        "{where} is missing although the checkpoint covers {expected} entries."
        " Fetch it from a mirror.",
        "檢查點涵蓋 {expected} 筆紀錄，但缺少 {where}。請自鏡像站取回。",
    ),
    "log_entry_altered": (
        "{where} was altered: expected hash {expected}, found {found}. Fetch the original from a"
        " mirror and compare.",
        "{where} 遭竄改：雜湊應為 {expected}，實為 {found}。請自鏡像站取回原件比對。",
    ),
    "log_entry_removed": (
        "{where} was removed: no entry with hash {expected} is in its place, the ones after it"
        " moved down. Fetch the bundle from a mirror.",
        "{where} 遭移除：原處已無雜湊為 {expected} 的紀錄，其後紀錄前移。請自鏡像站取回該檔。",
    ),
    "log_entries_swapped": (
        "{where} and {found} changed places. Fetch the bundles from a mirror.",
        "{where} 與 {found} 互換位置。請自鏡像站取回相關檔案。",
    ),
    "bundle_unreadable": (
        "{where} cannot be read as whole entries. Fetch it from a mirror.",
        "{where} 無法解析為完整紀錄。請自鏡像站取回。",
    ),
    "tile_altered": (
        "{where} does not hold the hashes that the entries give. Fetch it from a mirror.",
        "{where} 的雜湊與紀錄不符。請自鏡像站取回。",
    ),
    "tile_missing": (
        "{where} is missing; its hashes were computed from the entries. Restore it from a mirror.",
        "缺少 {where}；其雜湊已由紀錄重新計算。請自鏡像站取回。",
    ),
    # of a passport
    "passport_unreadable": (
        "This is no passport of a format that this program reads: {found}. Get the file again"
        " from whoever issued it, or update the program.",
        "這不是本程式可讀取的護照格式：{found}。請向簽發者重新索取檔案，或更新程式。",
    ),
    "passport_damaged": (
        "The file was changed after it was made: its digest is {expected}, its content gives"
        " {found}. Get it again from whoever issued it.",
        "檔案製成後遭更動：所載摘要為 {expected}，內容計算所得為 {found}。請向簽發者重新索取。",
    ),
    "passport_key": (
        "The passport is signed for the key {found}; expected {expected}. Ask the registry which"
        " key is its own; if that was replaced, ask for a new passport.",
        "護照以金鑰 {found} 簽署；應為 {expected}。請向登錄機構確認其金鑰；"
        "若金鑰已更換，請索取新護照。",
    ),
    "passport_checkpoint": (
        "The checkpoint is not signed by {expected} ({found}). Treat the passport as forged.",
        "檢查點並非由 {expected} 簽署（{found}）。請視此護照為偽造。",
    ),
    "passport_entry": (
        "{where} is not in the log under the checkpoint: {found}; expected {expected}. Get the"
        " passport again.",
        "{where} 不在檢查點所涵蓋的日誌內：{found}；應為 {expected}。請重新取得護照。",
    ),
    "passport_entry_missing": (
        "{where} is needed to trace these serials and is not in the passport. It was left out:"
        " ask for a whole passport.",
        "追溯這些序號需要 {where}，護照中卻沒有。該筆遭遺漏，請索取完整護照。",
    ),
    "passport_entry_unasked": (
        "{where} says nothing of these serials; the proof asks for {expected}. Do not believe what"
        " this passport says: ask the registry for another.",
        "{where} 與這些序號無關；證明所需者為 {expected}。"
        "請勿採信此護照所載，並向登錄機構另行索取。",
    ),
    "passport_root": (
        "{where} does not lead to the holdings root: expected {expected}, found {found}. Treat"
        " the holding as not proven.",
        "{where} 無法導出持有根雜湊：應為 {expected}，實為 {found}。此持有狀態未獲證明。",
    ),
    "passport_holding_missing": (
        "A holding of this block was left out: expected {expected}, found {found}. Ask for a"
        " whole passport.",
        "此區段有持有紀錄遭遺漏：應為 {expected}，實為 {found}。請索取完整護照。",
    ),
    "passport_move": (
        "{where} does not bring these serials where the passport says: expected {expected},"
        " found {found}. Treat the passport as false.",
        "{where} 並未如護照所載移轉這些序號：應為 {expected}，實為 {found}。請視此護照為不實。",
    ),
    "passport_opening": (
        "The name given for {where} does not open its commitment: expected {expected}, found"
        " {found}. Do not believe the name.",
        "{where} 所附名稱與承諾值不符：應為 {expected}，實為 {found}。請勿採信該名稱。",
    ),
    "passport_too_large": (
        "The passport takes more than {expected}. Ask for a smaller block.",
        "護照超過 {expected}。請索取較小的區段。",
    ),
    # of a replay, a journal, its tables
    "replay_stopped": (
        "{where} does not follow from the history before it: {found}. What comes after was not"
        " replayed and the tables were not compared; restore the journal from the published log.",
        "{where} 與先前歷史不符：{found}。其後未能重播，亦未比對資料表；請以已公布的日誌還原。",
    ),
    "unlawful_time": (
        "{where} was entered before the entry ahead of it: at {found}, that one at {expected}"
        " (microseconds, UTC). Ask the operator to explain.",
        "{where} 的登錄時間早於前一筆：{found}，前一筆為 {expected}（UTC 微秒）。請營運者說明。",
    ),
    "unlawful_person": (
        "{where} is by {found}, who may not do that: no person enrolled and active then, or not"
        " the one who must. Ask the operator who wrote it.",
        "{where} 由 {found} 為之，但其無權為之：當時並非已登錄且有效之人，或非應為之人。"
        "請營運者說明何人寫入。",
    ),
    "unlawful_alone": (
        "{where} needs two people and has one: {found}. Treat the act as not approved.",
        "{where} 須由兩人為之，實僅一人：{found}。請視此行為為未經核准。",
    ),
    "unlawful_number": (
        "{where} gives a number that is taken or out of turn: {found}. Two things would bear one"
        " name; ask the operator to explain.",
        "{where} 所用編號已被使用或未依序：{found}。將有兩者同名，請營運者說明。",
    ),
    "unlawful_account": (
        "{where} uses an account that is not there, is closed, or cannot hold units: {found}. Ask"
        " the operator to explain.",
        "{where} 使用不存在、已關閉或不得持有單位的帳戶：{found}。請營運者說明。",
    ),
    "sink_left": (
        "{where} takes {found} out of {expected} without a correction of the entry that put it"
        " there. These units may have been used already: treat them as counted twice.",
        "{where} 將 {found} 自 {expected} 取出，而非更正其轉入之條目。"
        "這些單位可能已被使用，請視為重複計算。",
    ),
    "sink_entered": (
        "{where} puts {found} into {expected} without the act of that end. Ask the operator for"
        " whom and why.",
        "{where} 將 {found} 轉入 {expected}，卻無該終結行為。請營運者說明為何人、因何故。",
    ),
    "unlawful_issue": (
        "{where} issues what cannot be: {found}. Treat the lot as not issued.",
        "{where} 核發不可能存在者：{found}。請視此批次為未核發。",
    ),
    "unlawful_conversion": (
        "{where} issues {found} units burnt, at a ratio of {expected}: not what the ratio gives."
        " Treat the difference as units from nothing.",
        "{where} 依比率 {expected} 核發與銷毀 {found}，與比率不符。差額請視為憑空產生。",
    ),
    "unlawful_foreign": (
        "{where} takes in foreign serials that no observation shows, or a second time: {found}."
        " Treat these units as counted twice.",
        "{where} 納入的外國序號不見於任何觀察，或係重複納入：{found}。請視為重複計算。",
    ),
    "unlawful_use": (
        "{where} counts tonnes as used, or returned, that did not move with it: {found}. Ask the"
        " operator to explain.",
        "{where} 計為已使用或已退還之噸數並未隨之移轉：{found}。請營運者說明。",
    ),
    "unlawful_allocation": (
        "{where} issues allowances beyond a cap, or allocates otherwise than it moves: {found}."
        " Treat what exceeds as not given.",
        "{where} 核發逾總量之配額，或核配與其移轉不符：{found}。逾越部分請視為未給予。",
    ),
    "unlawful_figure": (
        "{where} sets a figure as no act can: {found}. Do not rely on a status or limit that rests"
        " on it.",
        "{where} 設定數值之方式不為任何行為所許：{found}。請勿採信據此之履約狀態或上限。",
    ),
    "unlawful_operator": (
        "{where} names an operator that is not registered so, or changes one as no act can:"
        " {found}. Ask the operator of the ledger to explain.",
        "{where} 所指事業並未如此登錄，或其變更不為任何行為所許：{found}。請帳本營運者說明。",
    ),
    "unlawful_duty": (
        "{where} lets a duty arise or end as no act can: {found}. Treat the duty as not met.",
        "{where} 使義務發生或了結之方式不為任何行為所許：{found}。請視該義務為未履行。",
    ),
    "unlawful_payment": (
        "{where} records a payment that no act can: {found}. Ask the operator to explain.",
        "{where} 登載不可能成立之繳款：{found}。請營運者說明。",
    ),
    "unlawful_block": (
        "{where} marks or releases what it cannot: {found}. Ask the operator to explain.",
        "{where} 標註或解除其所不能者：{found}。請營運者說明。",
    ),
    "letter_unreadable": (
        "{where}: this is no letter that can be read ({found}). Ask for the file again.",
        "{where}：此非可讀取的授權書（{found}）。請重新索取檔案。",
    ),
    "letter_forged": (
        "The letter is not signed by {expected} ({found}). Treat it as forged and keep it as"
        " evidence.",
        "授權書並非由 {expected} 簽署（{found}）。請視為偽造並保留作為證據。",
    ),
    "letter_not_in_log": (
        "{where} does not belong to the signed checkpoint of {expected} entries. Treat the letter"
        " as forged.",
        "{where} 不屬於已簽署之 {expected} 筆檢查點。請視授權書為偽造。",
    ),
    "letter_differs": (
        "{where} does not authorise what the letter says. Treat it as forged.",
        "{where} 所授權者與授權書不符。請視為偽造。",
    ),
    "letter_expired": (
        "Authorisation {where} ended on {expected}; it was asked for {found}. Ask for a new one.",
        "授權 {where} 已於 {expected} 屆期；查詢日為 {found}。請另行申請。",
    ),
    "letter_not_yet": (
        "Authorisation {where} is of {expected}; it was asked for {found}, before that.",
        "授權 {where} 自 {expected} 起生效；查詢日 {found} 在其之前。",
    ),
    "letter_revoked": (
        "{where} revoked authorisation {found} on {expected}. The letter authorises nothing new.",
        "{where} 已於 {expected} 撤銷授權 {found}。此授權書不再授權任何新行為。",
    ),
    "letter_suspended": (
        "{where} suspended authorisation {found} on {expected}, and nothing resumed it since. The"
        " letter authorises nothing new for now.",
        "{where} 已於 {expected} 暫停授權 {found}，其後未恢復。此授權書目前不再授權任何新行為。",
    ),
    "letter_entity_withdrawn": (
        "{where} took account {found} out of this authorisation on {expected}. To that account the"
        " letter authorises nothing new; ask for the newest.",
        "{where} 已於 {expected} 將帳戶 {found} 自此授權撤除。此授權書對該帳戶不再授權任何新行為；"
        "請索取最新版本。",
    ),
    "letter_superseded": (
        "{where} made {found} of this authorisation; the letter is {expected}. Ask for the newest.",
        "{where} 已作成 {found}；此授權書為 {expected}。請索取最新版本。",
    ),
    "unlawful_authorisation": (
        "{where} changes an authorisation or a pledge as none may be: {found}. Ask the Party.",
        "{where} 變更授權或承諾的方式不為規則所許：{found}。請洽詢該締約方。",
    ),
    "unlawful_first_transfer": (
        "{where} first transfers what it may not: {found} (cap {expected}). Treat these units as"
        " not transferred, and the adjustment as wrong.",
        "{where} 首次移轉其所不得者：{found}（上限 {expected}）。請視為未移轉，且調整有誤。",
    ),
    "unlawful_recall": (
        "{where} recalls units as the terms do not allow: {found}. Treat the first transfer as"
        " standing, and ask both Parties.",
        "{where} 之召回不為條件所許：{found}。請視首次移轉仍為有效，並洽詢雙方。",
    ),
    "unlawful_activity": (
        "{where} takes an activity where no step leads: {found}. Ask the Supervisory Body.",
        "{where} 所載活動步驟或查證不為規則所許：{found}。請洽詢監督機構。",
    ),
    "unlawful_levy": (
        "{where} issues, levies or forwards units otherwise than their mechanism or approach says:"
        " {found}. Treat these units as not issued.",
        "{where} 核發、提撥或轉發單位不合機制或合作方法之規定：{found}。請視為未核發。",
    ),
    "unlawful_reversal": (
        "{where} moves other units for a reversal than it says: {found}. Count the buffer anew.",
        "{where} 就逆轉移動之單位與其所載不符：{found}。請重新計算緩衝。",
    ),
    "unlawful_contribution": (
        "{where} records a contribution as none may be: {found}. Treat it as not recorded.",
        "{where} 登載貢獻的方式不為規則所許：{found}。請視為未登載。",
    ),
    "unlawful_outcome_use": (
        "{where} uses what was not first transferred, or was used before: {found}. Treat the"
        " use as none.",
        "{where} 使用未經首次移轉或已使用的單位：{found}。請視為未使用。",
    ),
    "root_false": (
        "{where} claims a holdings root that the holdings do not have: expected {expected}, found"
        " {found}. Passports under this root prove nothing; ask the operator to explain.",
        "{where} 所載持有根雜湊與實際持有不符：應為 {expected}，實為 {found}。"
        "依此根簽發的護照無證明力，請營運者說明。",
    ),
} | TABLE_TEXTS
