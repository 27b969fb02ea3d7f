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
    "prior_consideration": "事前通知",
    "host_approval": "地主國核准",
    "validated": "已確證",
    "registered": "已註冊",
    "suspended": "已暫停",
    "post_crediting": "計入期後",
    "closed": "已結束",
    "renewable": "可展延",
    "fixed": "固定",
    "unavoidable": "不可避免",
    "avoidable": "可避免",
    "levy": "提撥",
    "CANCEL": "取消",
    "RELEASE": "釋出",
    "finance": "資金",
    "technology": "技術",
    "capacity": "能力建構",
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
    "oimp": "供其他國際目的",
    "not_used": "已繳交未使用",
    "not_surrendered": "已使用未繳交",
    "own": "締約方自用",
    "kept": "計入地主國",
    "omge": "全球整體減緩",
    "ended": "已終結",
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
