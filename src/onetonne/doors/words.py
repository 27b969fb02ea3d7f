"""Words of answers in 繁體中文, where the code says them in English: statuses, acts, events.

A word that is not here is shown as it is.
"""

from onetonne.service.event_words import EVENTS_ZH

ZH = EVENTS_ZH | {
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
    "met": "已達成",
    "replaced": "已替補",
    "overdue": "逾期",
    "void": "失效",
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
    "authorisation": "授權",
    "issuance": "核發",
    "use": "使用",
    "in_force": "有效",
    "exhausted": "已用罄",
    "revoked": "已撤銷",
    "superseded": "已由新版取代",
    "first_transfer": "首次移轉",
    "purpose": "其他目的使用",
    "averaging": "平均法",
    "trajectory": "軌跡法",
    "budget": "預算法",
    "missed": "未達成",
    "indeterminate": "無法判定",
}


def word(text: str, language: str) -> str:
    """A status or act in a language; `cancelled.KIND` keeps its kind."""
    if language != "zh":
        return text
    head, dot, kind = text.partition(".")
    if head == "cancelled" and dot:
        return f"已取消.{kind}"
    return ZH.get(text, text)
