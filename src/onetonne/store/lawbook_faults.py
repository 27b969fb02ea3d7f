"""What can be wrong with a law file: a stable code, where it is, and what to do, in two languages.

Codes are never reused. A sentence says what was found, what was expected and how to mend it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

SENTENCES: dict[str, tuple[str, str]] = {
    "NOT_UTF8": (
        "the file is not UTF-8 text. Save it as UTF-8.",
        "檔案不是 UTF-8 文字。請以 UTF-8 儲存。",
    ),
    "NOT_YAML": (
        "this is not valid YAML: {problem}. Mend the line.",
        "不是有效的 YAML：{problem}。請修正這一行。",
    ),
    "NOT_A_MAPPING": (
        "this must be a mapping: keys, each with a colon and a value. Begin with a table's name.",
        "這裡必須是對映：每個鍵加冒號與內容。請以表格名稱開頭。",
    ),
    "SECOND_DOCUMENT": (
        "a second YAML document starts here; one file holds one. Split the file.",
        "這裡開始第二份 YAML 文件；一個檔案只能有一份。請拆成兩個檔案。",
    ),
    "TOO_LARGE": (
        "the file has {bytes} bytes; at most {limit} are read. Split it.",
        "檔案有 {bytes} 位元組，上限為 {limit}。請拆分檔案。",
    ),
    "TOO_DEEP": (
        "nested deeper than {limit} levels. Flatten it.",
        "巢狀超過 {limit} 層。請簡化結構。",
    ),
    "ALIAS": (
        "anchors and aliases (& and *) are not read. Write the value out.",
        "不接受錨點與別名（& 與 *）。請直接寫出內容。",
    ),
    "TAG": (
        "the tag {tag} is not read. Write the plain value without it.",
        "不接受標籤 {tag}。請移除標籤，只寫內容。",
    ),
    "BAD_KEY": (
        "a key must be a plain word (no merge key <<, no list, not empty). Rename it.",
        "鍵必須是單純的文字（不可用 <<、清單或空白）。請改名。",
    ),
    "KEY_TWICE": (
        "the key {key} stands here and in line {first}. Remove or rename one of them.",
        "鍵 {key} 在此行與第 {first} 行重複。請刪除或改名其中一個。",
    ),
    "ITEM_TWICE": (
        "{item} is listed twice. Remove one of them.",
        "{item} 重複列出。請刪除其中一個。",
    ),
    "EMPTY": (
        "the value is empty or null. Write it, or leave the key out.",
        "內容為空或 null。請填寫，或移除這個鍵。",
    ),
    "FLOAT": (
        '{text} is a binary fraction, which is never exact. Write text such as "1/20".',
        '{text} 是不精確的浮點數。請改寫為文字，例如 "1/20"。',
    ),
    "NUMBER": (
        "readers disagree on {text}. Write a whole number without leading zeros, or quote text.",
        "{text} 在不同讀取器有不同意義。請寫不帶前導零的整數，或以引號表示文字。",
    ),
    "UNKNOWN_TABLE": (
        "there is no table {key}. Use one of: {tables}.",
        "沒有名為 {key} 的表格。可用：{tables}。",
    ),
    "UNKNOWN_KEY": (
        "{code} has an unknown key {key}. Use only: {allowed}.",
        "{code} 有未知的鍵 {key}。只能使用：{allowed}。",
    ),
    "MISSING_KEY": (
        "{code} lacks {key}. Add it.",
        "{code} 缺少 {key}。請補上。",
    ),
    "MISSING_CITATION": (
        "{code} lacks {key}: a row without a source is not law. Cite instrument and provision.",
        "{code} 缺少 {key}：沒有出處的條目不是法規。請註明法規名稱與條次。",
    ),
    "MISSING_NAME": (
        "{code} lacks a name ({key}). Give names: English as en, Traditional Chinese as zh.",
        "{code} 缺少名稱（{key}）。names 須有英文 en 與繁體中文 zh。",
    ),
    "NOT_IN_LANGUAGE": (
        "{code}: names.{key} is not written in its language: {text}. Write en in Latin letters,"
        " zh in Chinese.",
        "{code}：names.{key} 的語言不符：{text}。en 請用英文，zh 請用中文。",
    ),
    "UNKNOWN_VALUE": (
        "{code}: {text} is not a {key}. Use one of: {allowed}.",
        "{code}：{text} 不是 {key} 的有效值。可用：{allowed}。",
    ),
    "WRONG_TYPE": (
        "{code}: {key}: {problem}. Correct the value (quote it if it is text).",
        "{code}：{key}：{problem}。請修正內容（文字請加引號）。",
    ),
    "BAD_CODE": (
        "{code} cannot be a code: a letter or digit, then at most 39 letters, digits, . _ + or -.",
        "{code} 不能作為代碼：須以英數字開頭，其後至多 39 個英數字或 . _ + -。",
    ),
    "CODE_TWICE": (
        "{code} is already defined in {first}. Keep one of them or choose another code.",
        "{code} 已在 {first} 定義。請保留其一，或改用其他代碼。",
    ),
    "DATES_REVERSED": (
        "{code}: until {until} lies before since {since}. Correct the dates.",
        "{code}：終止日 {until} 早於起始日 {since}。請修正日期。",
    ),
    "ACT_WITHOUT_SINK": (
        "{code} allows {act} but names no sink for it. Add {sink} to sinks or drop the act.",
        "{code} 允許 {act} 卻沒有對應的終點。請在 sinks 加入 {sink}，或移除該行為。",
    ),
    "SINK_WITHOUT_ACT": (
        "{code} names the sink {sink} but not the act {act}. Add the act or drop the sink.",
        "{code} 有終點 {sink} 卻不允許 {act}。請加入該行為，或移除該終點。",
    ),
    "UNKNOWN_UNIT": (
        "{code} names the unit type {unit}, which no file defines. Define it or correct the code.",
        "{code} 提到單位種類 {unit}，但沒有檔案定義它。請定義或修正代碼。",
    ),
    "NOT_CONVERTIBLE": (
        "{code} burns {unit}, but {unit} does not allow convert. Add the act and its sink there.",
        "{code} 要銷毀 {unit}，但 {unit} 不允許轉換。請在該處加入 convert 與 conversion。",
    ),
    "CYCLE": (
        "{code} closes a circle of conversions: {path}. A conversion must not lead back.",
        "{code} 形成循環轉換：{path}。轉換不得回到原單位。",
    ),
    "NOT_POSITIVE": (
        "{code}: {key} is {text}; it must be 1 or more. Correct it.",
        "{code}：{key} 為 {text}，必須至少為 1。請修正。",
    ),
}


class Fault(NamedTuple):
    """One thing wrong: `code` of `SENTENCES`, file, line (from 1), the facts of the sentence."""

    code: str
    file: str
    line: int
    facts: dict[str, str]

    def sentence(self, language: str = "en") -> str:
        """The sentence in `en` or `zh` (any other language reads English)."""
        return SENTENCES[self.code][language == "zh"].format(**self.facts)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence()}"


class LawbookError(ValueError):
    """A law file is refused. `faults` in the order found; never empty."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)
