"""Options that would change nothing where they stand: refused, never passed over in silence.

A row for each: the option, and what holds instead, in both languages.
"""

from onetonne.doors.typed import WrongUsage

IDLE: dict[str, tuple[str, str, str]] = {
    "certificate of a proposal": (
        "--certificate",
        "nothing is retired before another person approves. After that: onetonne certificate.",
        "須待另一人核准後才註銷使用。屆時請用：onetonne certificate。",
    ),
    "day of a proposal": (
        "--effective",
        "what is proposed is done when it is approved. Say the day then: onetonne approve NUMBER "
        "--effective DAY.",
        "提案於核准時才執行。請於核准時指定：onetonne approve 號碼 --effective 日期。",
    ),
    "question as a proposal": (
        "propose",
        "this command asks or writes files, and waits for nobody. Leave it out.",
        "此指令僅查詢或寫出檔案，無須他人核准。請省略。",
    ),
    "part of a system": (
        "--period or --operator",
        "they are of a --system. Name it, or leave them out.",
        "須與 --system 一併填寫，或一併省略。",
    ),
    "actor of a founding": (
        "--as",
        "nobody is enrolled yet. Name the first: --registrar NAME.",
        "尚無已登錄人員。請以 --registrar 姓名 指定首位登錄員。",
    ),
    "ledger of the demo": (
        "--ledger",
        "the demo makes ledgers of its own. Name its folder: onetonne demo FOLDER.",
        "展示自建帳本。請指定其資料夾：onetonne demo 資料夾。",
    ),
    "ledger of a play": (
        "--ledger",
        "each file is played on a ledger of its own, which is gone afterwards. Leave it out.",
        "各檔於自己的帳本演練，結束即不留存。請省略。",
    ),
    "ledger beside a log": (
        "--ledger",
        "with --log no ledger is read. Give one of the two.",
        "使用 --log 時不讀取帳本。請擇一填寫。",
    ),
    "digest beside a document": (
        "--digest",
        "it is computed from --document. Give one of the two.",
        "摘要由 --document 計算得出。請擇一填寫。",
    ),
    "unit beside a rule": (
        "--unit",
        "the rule says as what unit it is taken in. Give one of the two.",
        "納入為何種單位，由 --rule 之規則決定。請擇一填寫。",
    ),
    "lifter of an authority's lock": (
        "--lift-by",
        "an authority alone lifts a lock of that kind. Leave it out.",
        "該種鎖定僅得由主管機關解除。請省略。",
    ),
    "last beside an entry": (
        "--last",
        "one entry was asked for. Give one of the two.",
        "已指定單一條目。請擇一填寫。",
    ),
    "question beside vectors": (
        "--vectors",
        "each row of its file says what is asked. Leave the other options out, but --law.",
        "問題由檔案各列載明。除 --law 外請省略其他選項。",
    ),
    "key of what is kept": (
        "--known-key",
        "it is the key under which something was kept. Add --known FILE.",
        "係所保存者之金鑰。請加上 --known 檔案。",
    ),
    "use without a limit": (
        "--used",
        "it counts towards a limit. Add --base and --period.",
        "係計入上限之用量。請加上 --base 與 --period。",
    ),
    "reason without an override": (
        "--override-reason",
        "nobody overrides. Add --override NAME.",
        "未指定決定者。請加上 --override 姓名。",
    ),
    "worth of a tonne": (
        "--per-unit",
        "GHG is in t CO2e already. Add --metric, or leave it out.",
        "GHG 已以公噸 CO2e 計。請加上 --metric，或省略。",
    ),
}


def check_idle(given: object, what: str) -> None:
    """Raises WrongUsage where an option of IDLE is given that would do nothing."""
    if given:
        option, en, zh = IDLE[what]
        raise WrongUsage(f"{option} does nothing here: {en}", f"{option} 在此不起作用：{zh}")
