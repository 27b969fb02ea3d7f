"""Findings: what is wrong with a row of somebody's file, and where, in both languages.

A finding names file, sheet, row as a spreadsheet shows it, column header, value and reason; its
code is stable and is what programs test.
"""

from msgspec import Struct

from onetonne.base.wording import Wording

# code -> (English, 繁體中文): what happened, what was expected, what to do
TEXTS: dict[str, tuple[str, str]] = {
    "quantity-mismatch": (
        "the quantity is {found} but the serial range holds {expected}; one of them is wrong, ask"
        " the registry which",
        "數量為 {found}，序號區段卻有 {expected} 單位；兩者必有一誤，請向登錄機構查證",
    ),
    "negative-quantity": (
        "the quantity {found} is below zero; expected {expected}, the units in the serial range",
        "數量 {found} 為負數；應為 {expected}（序號區段的單位數）",
    ),
    "overlap": (
        "these numbers are listed twice: {other} holds some of them; expected each number once in"
        " a list, check both rows",
        "號碼重複：{other} 已列出其中部分號碼；同一清單中每個號碼應只出現一次，請核對兩列",
    ),
    "overlap-of-files": (
        "these numbers stand in another list too: {other} tells of some of them otherwise, and"
        " nothing says that the two are of different days; expected one account of each number,"
        " check both rows, or put the day of each export in its name (2026-03-31)",
        "號碼另見他表：{other} 對其中部分號碼有不同說法，且無從得知兩者為不同日期之匯出；"
        "每個號碼應只有一種說法，請核對兩列，或將匯出日期寫入檔名（2026-03-31）",
    ),
    "issued-twice": (
        "these numbers were issued on another day too: see {other}; expected one issuance of each"
        " number, check both rows",
        "號碼重複核發：{other} 於另一日期核發；每個號碼應只核發一次，請核對兩列",
    ),
    "retired-twice": (
        "these numbers end twice: {other} retires or cancels some of them already; expected each"
        " number to end once, check both rows",
        "號碼重複終結：{other} 已將其中部分號碼註銷使用或取消；每個號碼應只終結一次，請核對兩列",
    ),
    "repeated-rows": (
        "{found} rows say the same as rows of {other}; each pair counts as one act or block told"
        " twice, not as a double use",
        "有 {found} 列與 {other} 相同；視為同一行為或區段的兩次紀錄，不算重複使用",
    ),
    "serial-unreadable": ("the serial cannot be read: {why}", "無法讀取序號：{why_zh}"),
    "serial-missing": (
        "the serial is empty; expected the serial range that the row is about, ask the registry",
        "序號為空；此列應有序號區段，請洽登錄機構",
    ),
    "serial-opaque": (
        "the serial is of no known form and is kept whole; nothing can be computed from it",
        "序號格式未知，已整串保留；無法據以計算",
    ),
    "quantity-unreadable": (
        "the quantity {found} is no whole number; expected digits such as 1,234, correct the cell",
        "數量 {found} 並非整數；應為如 1,234 的數字，請更正儲存格",
    ),
    "date-unreadable": (
        "{found} is no date; expected {expected}, the date is left out",
        "{found} 並非日期；應為 {expected}，此日期從缺",
    ),
    "project-missing": (
        "the project has no id; expected one in this column, ask the registry",
        "缺少專案編號；此欄應有編號，請洽登錄機構",
    ),
    "project-unreadable": (
        "{found} is no project id: it has no number, as a line of totals has none; expected one"
        " such as 1234 or CAR1234, correct the cell or leave the row out",
        "{found} 不是專案編號：其中沒有數字，合計列即是如此；應如 1234 或 CAR1234，"
        "請更正此格或刪去此列",
    ),
    "row-too-long": (
        "the row has {cells} cells but the header {expected}; {found} is the first beyond it, a"
        " comma or quote is out of place, correct the row",
        "此列有 {cells} 格，標題列只有 {expected} 格，{found} 為第一個超出者；逗號或引號錯置，"
        "請更正此列",
    ),
    "row-too-short": (
        "the row has {cells} cells but the header {expected}; a cell is missing here or before,"
        " complete the row or export it anew",
        "此列只有 {cells} 格，標題列有 {expected} 格；此處或之前缺少一格，請補齊此列或重新匯出",
    ),
    "column-twice": (
        "the name of this column or key stands twice; expected each name once, ask the registry"
        " which of them is meant",
        "此欄名或鍵重複出現；每個名稱應只出現一次，請向登錄機構查證以何者為準",
    ),
    "columns-differ": (
        "{first} says {expected}, but the same name stands again here and says {found}; expected"
        " one value, ask the registry which is meant",
        "{first} 為 {expected}，同名的此欄卻為 {found}；應只有一個值，請向登錄機構查證以何者為準",
    ),
    "row-not-object": (
        "expected an object of named values, found {found}; correct the entry",
        "應為具名欄位的物件，讀到 {found}；請更正此筆",
    ),
    "cell-beyond-bounds": (
        "a cell of this row is beyond all bounds: a text of over 10,000,000 characters, perhaps"
        " behind a quote that is not closed, or a time that no calendar has; correct the cell",
        "此列有儲存格超出範圍：文字超過 10,000,000 字元（或許引號未關閉），或為曆法所無之時間；"
        "請更正儲存格",
    ),
    "quote-unclosed": (
        "a quote opened in this row is never closed; all that follows is unread, close the quote",
        "此列的引號未關閉，其後內容皆未讀取；請補上引號",
    ),
    "quote-astray": (
        "a quote opened in this row closes within a cell of a later line; what stands between may"
        " be rows of their own and is unread, correct the quotes",
        "此列的引號在後面某行的儲存格中間才關閉，其間內容可能是其他資料列，未予讀取；請更正引號",
    ),
    "formula-like": (
        "the cell would run as a formula in a spreadsheet; it is kept as text, do not run it",
        "此儲存格在試算表中會被當成公式執行；已保留為文字，請勿執行",
    ),
    "table-unknown": (
        "no known list has these columns; its rows are kept whole, not understood",
        "未知的表格欄位；各列整筆保留，未作解讀",
    ),
    "no-rows": (
        "there is nothing in it but perhaps a header; expected rows, export it anew",
        "檔案中除標題外沒有任何資料列；請重新匯出",
    ),
    "not-a-table": (
        "no rows of a table were found in it; expected CSV, XLSX or JSON, leave it out",
        "檔案中沒有表格資料列；應為 CSV、XLSX 或 JSON，請略過此檔",
    ),
    "file-unreadable": (
        "the file cannot be read: {why}; expected CSV, XLSX or JSON, export it anew",
        "無法讀取檔案：{why}；應為 CSV、XLSX 或 JSON，請重新匯出",
    ),
    "not-utf8": (
        "the text is not UTF-8 and was read as Windows-1252; check names with accents, and save"
        " a file in another script (Big5, for one) as UTF-8",
        "文字並非 UTF-8，已以 Windows-1252 讀取；請檢查特殊字元，Big5 等其他編碼請另存為 UTF-8",
    ),
}

MAX_VALUE = 200
"""Characters of a cell that a finding shows."""
QUANTITY_CODES = frozenset({"quantity-mismatch", "negative-quantity"})
OVERLAP_CODES = frozenset({"overlap", "overlap-of-files", "issued-twice", "retired-twice"})


class Finding(Struct, frozen=True, kw_only=True):
    """One thing wrong (or worth knowing) in one place; row 0 means the whole sheet or file."""

    code: str
    registry: str
    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    reason: str
    reason_zh: str
    other: str = ""


class Place(Struct, frozen=True):
    """Where a row stands: file, sheet (empty where a file has one table), row of the sheet."""

    file: str
    sheet: str = ""
    row: int = 0

    def __str__(self) -> str:
        return " ".join(
            filter(None, (self.file, self.sheet, f"row {self.row}" if self.row else ""))
        )


_WORDS = Wording(
    {
        "{} row {}": "{} 第 {} 列",
        "0 or more": "0 以上",
        "{} bytes are more than {}": "{} 位元組，超過上限 {}",
        "{} cells are more than {}": "{} 個儲存格，超過上限 {}",
        "it holds NUL bytes, so it is no text in UTF-8: save it as UTF-8": (
            "含有 NUL 位元組，並非 UTF-8 文字檔：請另存為 UTF-8"
        ),
        "its characters are in no known encoding: save it as UTF-8": (
            "字元編碼無法辨識：請另存為 UTF-8"
        ),
        "it nests too deep": "巢狀層數過多",
        "it is no XLSX workbook": "不是 XLSX 活頁簿",
        "it is an old or a locked workbook: save it as XLSX, with no password": (
            "舊格式或有密碼的活頁簿：請另存為無密碼的 XLSX"
        ),
        "it is named as a workbook but is none: name it as what it is, .csv": (
            "檔名為活頁簿，內容卻不是：請依實際格式命名，例如 .csv"
        ),
        "it is no JSON: {}": "不是 JSON：{}",
        "the month first; if this list writes the day first, its other days are read wrongly": (
            "月在前；若此清單為日在前，其他日期亦已誤讀"
        ),
        "the system says {}": "系統回報 {}",
        "the workbook is damaged: {}": "活頁簿已損毀：{}",
        "it unpacks to more than {} bytes": "解壓縮後超過 {} 位元組",
    }
)


def _in_chinese(facts: dict[str, object]) -> dict[str, object]:
    return {
        name: _WORDS.zh(fact) if isinstance(fact, str) else fact for name, fact in facts.items()
    }


def finding(
    code: str,
    at: Place,
    *,
    registry: str = "",
    column: str = "",
    value: str = "",
    other: str = "",
    **facts: object,
) -> Finding:
    """A Finding with its sentences filled in; KeyError for a code that is not in TEXTS."""
    en, zh = TEXTS[code]
    said = {"other": other, **facts}
    return Finding(
        code=code,
        registry=registry,
        file=at.file,
        sheet=at.sheet,
        row=at.row,
        column=column,
        value=value[:MAX_VALUE],
        reason=en.format_map(said | {"found": value[:MAX_VALUE] or "(empty)"}),
        reason_zh=zh.format_map(_in_chinese(said) | {"found": value[:MAX_VALUE] or "（空白）"}),
        other=other,
    )
