"""What can be wrong with a published log: a code, facts, and a sentence in both languages.

Codes are stable and never used again for something else; the texts may be improved at any time.
"""

import msgspec


class LogFinding(msgspec.Struct, frozen=True):
    """One thing that is wrong: `where` is an entry (counted from 0), a file or a checkpoint.

    `expected` and `found` are hashes in hex, sizes or keys, empty where the code says it all.
    """

    code: str
    where: str
    expected: str = ""
    found: str = ""

    def sentence(self, language: str = "en") -> str:
        """The finding in `en` or `zh-Hant`."""
        texts = TEXTS[self.code]
        text = texts[1] if language.startswith("zh") else texts[0]
        return text.format(where=self.where, expected=self.expected, found=self.found)


TEXTS = {
    "checkpoint_missing": (
        "There is no checkpoint: expected one signed by {expected}. Check the path or ask the log.",
        "找不到檢查點：應有由 {expected} 簽署的檢查點。請確認路徑或洽詢日誌營運者。",
    ),
    "checkpoint_forged": (
        "The checkpoint is not signed by {expected} ({found}). Keep it as evidence, ask a mirror.",
        "檢查點並非由 {expected} 簽署（{found}）。請保留作為證據，並向鏡像站查證。",
    ),
    "known_checkpoint_unusable": (
        "{where} is not signed by {expected} ({found}), so it shows nothing. Obtain it again.",
        "{where} 並非由 {expected} 簽署（{found}），無法作為比對依據。請重新取得。",
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
}
