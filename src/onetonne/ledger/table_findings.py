"""What can be wrong with the rows of a database: `proof_findings.TEXTS` has these sentences too."""

TABLE_TEXTS: dict[str, tuple[str, str]] = {
    "journal_differs": (
        "The journal and the published log differ at {where}: published {expected}, in the"
        " database {found}. One of them was altered; keep both.",
        "日誌資料庫與已公布的日誌在 {where} 不同：公布者為 {expected}，資料庫為 {found}。"
        "其中之一遭竄改，請兩者一併保存。",
    ),
    "journal_hash": (
        "The journal's hash of {where} is not the hash of its entry: expected {expected}, found"
        " {found}. Restore the row from the published log.",
        "資料庫中 {where} 的雜湊與其內容不符：應為 {expected}，實為 {found}。"
        "請以已公布的日誌還原該列。",
    ),
    "journal_short": (
        "The journal in the database ends before the published log: {found} entries, published"
        " {expected}. Restore the missing entries.",
        "資料庫中的日誌短於已公布的日誌：{found} 筆，公布者為 {expected} 筆。請還原缺漏的紀錄。",
    ),
    "journal_beyond_head": (
        "{where} lies beyond the head, which ends the ledger at entry {expected}. No act"
        " wrote it: an act moves the head with its entry. Look at it: `SELECT * FROM journal WHERE"
        " seq > {expected}`. Keep a copy and find out who added it, then remove it: `DELETE FROM"
        " journal WHERE seq > {expected}`. Until then `onetonne rebuild` refuses. If it is the head"
        " that was moved back, restore the database instead.",
        "{where} 位於帳本末端 {expected} 之後。任何行為皆不致如此：行為寫入條目時，"
        "末端同時前移。請查看：`SELECT * FROM journal WHERE seq > {expected}`。"
        "請保存副本並查明何人加入，再予移除：`DELETE FROM journal WHERE seq > {expected}`。"
        "在此之前 `onetonne rebuild` 不予執行。若遭更動者為末端本身，請改為還原資料庫。",
    ),
    "table_differs": (
        "{where} was changed by hand: expected {expected}, found {found}. Run `onetonne rebuild`"
        " and find out who wrote there.",
        "{where} 遭人為更動：應為 {expected}，實為 {found}。"
        "請執行 `onetonne rebuild` 並查明何人寫入。",
    ),
    "cell_unreadable": (
        "{where} was changed by hand to what cannot be read: expected {expected}, found {found}."
        " Run `onetonne rebuild` and find out who wrote there. Tables `journal`, `requests`,"
        " `openings` and `observed` it does not make: restore their row from a backup.",
        "{where} 遭人為更動而無法讀取：應為{expected}，實為 {found}。"
        "請執行 `onetonne rebuild` 並查明何人寫入。該指令不重建 `journal`、`requests`、"
        "`openings` 與 `observed`：其資料列請自備份還原。",
    ),
    "table_missing": (
        "The {where} is not there, or not with these columns: {found}. An earlier build made this"
        " ledger, or a hand removed them. Run `onetonne rebuild`; restore from a backup what that"
        " does not make.",
        "{where} 不存在，或缺少欄位：{found}。此帳本由較早版本建立，或遭人移除。"
        "請執行 `onetonne rebuild`；仍未建立者請自備份還原。",
    ),
    "observed_differs": (
        "{where}: the rows kept are not those that were observed: expected root {expected}, found"
        " {found}. Restore the database, or do not rely on what `onetonne find` shows of them.",
        "{where}：所保存的列並非當初觀察者，根雜湊應為 {expected}，實為 {found}。"
        "請還原資料庫，或勿採信 `onetonne find` 所示內容。",
    ),
    "observed_cell": (
        "{where} was changed by hand: the row itself says {expected}, found {found}. Until it is"
        " restored from a backup, `onetonne find` does not show this row, or shows it elsewhere.",
        "{where} 遭人為更動：該列自身所示為 {expected}，實為 {found}。"
        "自備份還原之前，`onetonne find` 不會顯示該列，或顯示於他處。",
    ),
    "observed_extra": (
        "{where}: {found} are kept of an observation that does not exist. An import that was cut"
        " short left them, or a hand added them; nothing reads them. Look at them, then remove"
        " them: `DELETE FROM observed WHERE observation = {expected}`.",
        "{where}：保存有 {found}，但並無此觀察。可能為中斷之匯入所遺留，或遭人加入；"
        "未有任何功能讀取。請查看後移除：`DELETE FROM observed WHERE observation = {expected}`。",
    ),
    "request_key_false": (
        "{where} stands for {found}, expected {expected}: it was written by hand. Who sends a"
        " request with this key again is told of the wrong entry. Restore the row from a backup.",
        "{where} 指向{found}，應為{expected}：該列遭人為寫入。"
        "以此鍵重送請求者，將獲告知錯誤之條目。請自備份還原該列。",
    ),
    "table_row_missing": (
        "{where} is gone: expected {expected}. Run `onetonne rebuild` and find out who removed it.",
        "{where} 已不存在：應為 {expected}。請執行 `onetonne rebuild` 並查明何人刪除。",
    ),
    "table_row_extra": (
        "{where} is in no entry of the journal: found {found}. Run `onetonne rebuild` and find"
        " out who added it.",
        "{where} 不見於日誌任何條目：實為 {found}。請執行 `onetonne rebuild` 並查明何人加入。",
    ),
}
