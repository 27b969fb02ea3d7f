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
    "approach_registered": "登錄合作方法",
    "participation_declared": "參與責任",
    "ndc_recorded": "登載 NDC",
    "inventory_recorded": "登載清冊",
    "authorised": "授權",
    "authorisation_revoked": "撤銷授權",
    "first_transferred": "首次移轉",
    "used": "使用",
    "reduction": "減量",
    "removal": "移除",
    "authorisation": "授權",
    "issuance": "核發",
    "use": "使用",
    "open": "有效",
    "exhausted": "已用罄",
    "revoked": "已撤銷",
    "superseded": "已由新版取代",
    "first_transfer": "首次移轉",
    "purpose": "其他目的使用",
    "averaging": "平均法",
    "trajectory": "軌跡法",
    "budget": "預算法",
    "met": "達成",
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
