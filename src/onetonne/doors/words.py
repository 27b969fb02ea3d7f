"""Words of answers in 繁體中文, where the code says them in English: statuses, acts, events.

A word that is not here is shown as it is.
"""

ZH = {
    "held": "持有",
    "locked": "鎖定",
    "retired": "已註銷使用",
    "surrendered": "已繳交",
    "converted": "已轉換",
    "transferred": "已移出",
    "retirement": "註銷使用",
    "surrender": "繳交",
    "conversion": "轉換",
    "issue": "核發",
    "transfer": "移轉",
    "retire": "註銷使用",
    "cancel": "取消",
    "convert": "轉換",
    "correct": "更正",
    "admit": "納入",
    "lock": "鎖定",
    "lift": "解除鎖定",
    "expire": "到期",
    "label": "標籤",
    "approved": "已核准",
    "rejected": "已駁回",
    "withdrawn": "已撤回",
    "expired": "已到期",
    "open": "待履行",
    "met": "已履行",
    "replaced": "已替補",
    "overdue": "逾期",
    "void": "失效",
    "founded": "設立帳本",
    "enrolled": "人員登錄",
    "dismissed": "人員除名",
    "account_opened": "開立帳戶",
    "account_closed": "關閉帳戶",
    "project_registered": "專案登錄",
    "issued": "核發",
    "moved": "移轉",
    "cancelled": "取消",
    "lifted": "解除鎖定",
    "labelled": "標籤",
    "corrected": "更正",
    "proposed": "提案",
    "settled": "結案",
    "observed": "觀察紀錄",
    "rooted": "持有根值",
    "operator_registered": "登錄納管事業",
    "operator_changed": "變更納管事業",
    "operators_grouped": "合併計算",
    "cap_set": "訂定總量",
    "allocated": "核配",
    "figure_set": "登載數值",
    "returned": "退還",
    "recognised": "認可",
    "recognition_withdrawn": "撤銷認可",
    "duty_arose": "產生義務",
    "duty_settled": "義務了結",
    "verified_emissions": "查驗排放量",
    "allocation": "核配量",
    "obligation": "履約義務量",
    "entitlement": "使用權限",
    "nap_entitlement": "分配計畫使用權限",
    "free_allocation": "免費分配量",
    "taxable_emissions": "應稅排放量",
    "annual_emissions": "年排放量",
    "chargeable_emissions": "收費排放量",
    "reduction": "減量",
    "removal": "移除",
}


def word(text: str, language: str) -> str:
    """A status or act in a language; `cancelled.KIND` keeps its kind."""
    if language != "zh":
        return text
    head, dot, kind = text.partition(".")
    if head == "cancelled" and dot:
        return f"已取消.{kind}"
    return ZH.get(text, text)
