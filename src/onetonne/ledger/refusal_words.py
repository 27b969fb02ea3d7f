"""How the facts of refusals read in Chinese: a row for each set phrase that a guard may name.

By the name of the fact, so that what somebody typed is not taken for a phrase of ours.
"""

from onetonne.base.wording import Wording
from onetonne.ledger.words import ZH, typed, word, words

WORDS: dict[str, Wording] = {
    "what": Wording(
        {
            "person": "人員",
            "account": "帳戶",
            "project": "專案",
            "lot": "批次",
            "sink": "終端帳戶",
            "role": "角色",
            "account kind": "帳戶種類",
            "cancellation kind": "取消種類",
            "label kind": "標籤種類",
            "lock kind": "鎖定種類",
            "purpose": "註銷用途",
            "proposal": "提案",
            "lock": "鎖定",
            "digest": "檔案摘要",
            "root": "根雜湊",
            "operator": "納管事業",
            "grouping": "合併關係",
            "payment": "繳款",
            "fact of an operator": "事業事實",
            "figure": "數值",
            "allocation": "核配方式",
            "duty": "義務",
            "document": "文件",
            "statement": "地主國聲明",
            "evidence": "證明",
            "cooperative approach": "合作方法",
            "authorisation": "授權",
            "purpose of use": "使用目的",
            "statement of an authorisation": "授權之說明事項",
            "responsibility": "參與責任",
            "method of an NDC": "NDC 的種類與方法",
            "activity": "活動",
            "mechanism": "機制",
            "crediting period": "計入期種類",
            "step": "步驟",
            "reversal": "逆轉種類",
            "policy": "政策選項",
            "answer": "選項答案",
            "kind of contribution": "貢獻種類",
            "effect on an NDC": "對 NDC 的效果",
            "recall": "召回",
            "kind of share of proceeds": "收益分享種類",
            "base of a levy": "提撥基礎",
            "kind of activity": "活動類別",
            "rounding of a levy": "提撥之進位",
        }
    ),
    "made": Wording(
        {"observation": "他處登錄簿之陳述", "verification": "查證", "reversal": "逆轉通報"}
    ),
    "needed": Wording(
        {
            "the ledger itself": "帳本本身",
            "the role authority": "主管機關角色（authority）",
            "the role registrar": "登錄員角色（registrar）",
            "the role verifier": "查驗員角色（verifier）",
            "the role supervisor": "監督機構角色（supervisor）",
            "the role authority or registrar": "主管機關或登錄員角色（authority、registrar）",
            "an agent of the account, or the registrar,": "該帳戶的代理人或登錄員",
        }
    ),
    "expected": Wording(
        {
            "how a recall counts nothing twice": "召回如何避免重複計算",
            "a number of at most 12 digits": "至多 12 位的數字",
            "kind sink only": "僅種類為 sink 者可填",
            "a code of letters, digits, . _ / - (at most 80)": "至多 80 字元的英數字及 . _ / -",
            "reduction or removal": "reduction（減量）或 removal（移除）",
            "a cancellation abroad": "他國登錄簿的取消或註銷使用紀錄",
            "a block in circulation": "流通中的區段",
            "a serial": "序號",
            "quantity = range": "數量與序號範圍一致",
            "one project, vintage and host, as lot {}": "與批次 {} 相同的專案、年份與地主國",
            "the reason": "更正理由",
            "a system": "遵約制度名稱",
            "e.g. 2025": "例如 2025",
            "1990 to 2100": "1990 至 2100",
            "0 (none) to 99": "0（無）至 99",
            "at most {} facts of {} characters": "至多 {} 項、每項 {} 字元",
            "a register's name of at most 80 characters": "至多 80 字元的登錄簿名稱",
            "no value": "空值",
            "CA and four digits, e.g. CA0001": "CA 加四位數字，例如 CA0001",
            "the first and the last year of a period": "期間的首年與末年",
            "a value for each of the {} years": "{} 個年度各一值",
            "GHG, or a metric such as MWh": "GHG 或其他計量（例如 MWh）",
            "a decimal number, e.g. 1234.5": "十進位數字，例如 1234.5",
            "2013 to 2100": "2013 至 2100",
            "three capital letters beside an amount, e.g. USD": "金額須附三個大寫字母，例如 USD",
            "{} or later": "{} 或其後",
            "each Party once": "各締約方僅列一次",
            "years of {}-{}": "{}-{} 的年份",
            "a share from 0 to 1, e.g. 2/5": "0 至 1 的比例，例如 2/5",
            "years from 2021 to 2100": "2021 至 2100 的年份",
            "a code of letters, digits, blank . / - (at most 80)": (
                "至多 80 字元的英數字、空格及 . / -"
            ),
            "text of 1 to {} characters": "1 至 {} 字元的文字",
            "a day, e.g. {}": "日期，例如 {}",
            "a Party code, e.g. TH": "締約方代碼，例如 TH",
            "a whole number": "整數",
            "{} characters at most": "至多 {} 個字元",
            "at most {} characters, none of them NUL": "至多 {} 字元且不含 NUL",
            "text without NUL": "不含 NUL 的文字",
            "Unicode text": "Unicode 文字",
            "a code of letters, digits, . _ / - (at most 40)": "至多 40 字元的英數字及 . _ / -",
            "true or false": "true 或 false",
            "three capital letters": "三個大寫字母",
            "at most {} characters": "至多 {} 字元",
            "1 to {} accounts": "1 至 {} 個帳戶",
            "1 to {} keys": "1 至 {} 個鍵",
            "a share below one, e.g. 1/10": "小於一之比例，例如 1/10",
            "days of one year, the first one first": "同一年度內之起訖日",
            "a share below one, e.g. 1/20": "小於一之比例，例如 1/20",
            "UNITS or CASH with a share of proceeds, NONE without": (
                "有收益分享者填 UNITS 或 CASH，無者填 NONE"
            ),
            "shares that are one together at most": "合計至多為一之比例",
        }
    ),
    "found": Wording(
        {
            "empty": "空白",
            "a row without a serial": "沒有序號的列",
            "{} units for serials {}": "數量 {0}、序號 {1}",
            "{} characters long": "{} 個字元",
        }
    ),
    "why": Wording(
        {
            "none of them was first transferred": "其中無任何單位經首次移轉",
            "{} is not for an NDC": "{} 的用途不含 NDC",
            "{} is for an NDC alone": "{} 的用途僅限 NDC",
            "{} has no recorded NDC for vintage {}": "{} 未登載涵蓋 {} 年份的 NDC",
            "{} is not for {}": "{} 的對象不含 {}",
            "lot {} is measured in {}, the NDC in {}": "批次 {} 以 {} 計量，NDC 以 {} 計量",
            "several Parties hold them": "由數個締約方持有",
            "another Party holds them now": "現由其他締約方持有",
            "their host holds them": "現由地主國持有",
            "no Party holds them": "現非由締約方持有",
            "a conversion made them": "係由轉換產生",
            "its terms provide for no recall": "其條件未訂召回",
            "their authorisation is {}": "其授權為 {}",
            "it moved nothing": "該條目未移轉任何單位",
            "what came back from a surrender is surrendered again": "自繳交退還者，請重新繳交",
            "what came back from its end is retired or cancelled again": (
                "自終端帳戶退還者，請重新註銷使用或取消"
            ),
            "levies, reversals, recalls and use towards a first NDC stand": (
                "提撥、逆轉補救、召回及首期 NDC 使用不得沖回"
            ),
            "it is no unit of an earlier mechanism": "並非先前機制之單位",
            "it does not state when its activity was registered": "未載明活動之註冊日",
            "its activity was registered on {}, before {}": "活動於 {} 註冊，早於 {}",
            "its reductions are of {}, not until {}": "減量屬 {}，並非 {} 以前",
            "a conversion stands, cancel what it made": "轉換不得沖回，請取消轉換所核發的單位",
            "it did not move {} of lot {} as one block": "該條目未將批次 {1} 的 {0} 整段移轉",
        },
        words=ZH,
    ),
    "item": Wording(
        {
            "a correction takes serials": "更正僅接受序號",
            "a recall takes serials": "召回僅接受序號",
            "a recognition takes serials": "認可僅接受序號",
            "a return takes serials": "退還僅接受序號",
            "quantity {}: a label takes serials": "數量 {}（標籤僅接受序號）",
            "quantity {}: a scope takes serials": "數量 {}（授權範圍僅接受序號）",
        }
    ),
    "lift_by": Wording({"an authority": "主管機關", "person {}": "人員 {}"}),
    "outcome": Wording(
        {"approved": "核准", "rejected": "駁回", "withdrawn": "撤回", "expired": "逾期失效"}
    ),
    "elsewhere": Wording(
        {
            "{} by {} (surrendered to {} for {}, entry {})": (
                "{0} 由 {1} 持有（已就 {2} 之 {3} 期繳交，條目 {4}）"
            ),
            "{} by {} (retired for {}, entry {})": "{0} 由 {1} 持有（已為 {2} 註銷使用，條目 {3}）",
            "{} by {} (cancelled as {}, entry {})": "{0} 由 {1} 持有（已取消：{2}，條目 {3}）",
            "{} by {}": "{} 由 {} 持有",
        },
        listed=True,
        words=ZH,
    ),
    "locks": Wording(
        {"{} by lock {}": "{} 受鎖定 {}", "{} by {} {}": "{0} 受鎖定 {2}（{1}）"},
        listed=True,
        words=ZH,
    ),
    "unit": Wording({"lock {}": "鎖定（{}）"}, words=ZH),
}
LISTS = {"permitted", "wanted"}
CODED = {*LISTS, "account", "act", "act_kind", "asked", "kind", "method", "sink", "state", "step"}
"""Facts that are codes of ours, a list of them or one."""
CODED_IN = {
    "activity_mismatch": {"expected", "found", "unit"},
    "row_does_not_fit": {"found"},
}
"""Those that are codes in one refusal alone."""
TYPED = {"field", "missing"}
TYPED_IN = {"no_account_of_kind": {"kind"}, "rule_does_not_fit": {"expected", "found"}}
"""Facts that are codes which have to be typed, in every refusal or in one: these stand beside the
words."""
ECHO = {"unknown_kind"}
"""Refusals that repeat what was typed, and what may be typed instead."""


def worded(code: str, name: str, fact: str) -> str:
    """A fact in Chinese: a set phrase, codes of ours, or what somebody typed, as it is."""
    told = WORDS[name].zh(fact) if name in WORDS else fact
    if told != fact or code in ECHO:
        return told
    if name in TYPED or name in TYPED_IN.get(code, ()):
        return typed(fact)
    if name in CODED or name in CODED_IN.get(code, ()):
        one = word(fact, "zh")
        return words(fact, "zh") if one == fact and name in LISTS else one
    return fact
