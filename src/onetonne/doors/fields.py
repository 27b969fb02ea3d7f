"""What the fields of an act are called in 繁體中文, where a proposal says what it asks for."""

from onetonne.ledger.words import called

FIELDS_ZH = {
    "agents": "代理人", "base": "計算基礎", "cap": "上限", "clause": "條款", "company": "公司",
    "conditions": "條件", "crediting": "計入期", "day": "日期", "decision": "決定",
    "digest": "文件雜湊", "document": "文件雜湊", "duty": "義務", "entities": "授權實體",
    "entry": "條目", "evidence": "佐證", "exempt": "免提撥", "figure": "數值種類", "first": "起",
    "first_number": "起始序號", "giver": "提供國", "goal": "目標", "holdings": "持有筆數",
    "last": "迄", "late": "逾期", "met": "已符合", "method": "計算方法", "methodology": "方法學",
    "name": "名稱", "ndc_effect": "對 NDC 之效果", "operators": "事業",
    "overridden_by": "逾越決定者", "per_unit": "每單位數值", "policy": "政策", "projects": "專案",
    "purposes": "用途", "quantity": "數量", "recall_days": "召回日數", "receiver": "接受國",
    "recognition": "認可", "replaces": "替補", "reversal": "逆轉", "roles": "職務", "root": "根",
    "rounding": "捨入", "route": "途徑", "rows": "列數", "shares": "比例", "since": "自",
    "sop": "收益分享", "sop_exempt": "免收益分享", "source": "自帳戶", "statement": "聲明",
    "statements": "聲明", "step": "步驟", "target": "至帳戶", "transition": "由 CDM 過渡",
    "two_people": "須二人核准", "unit": "單位類型", "units": "單位類型", "use_by": "使用期限",
    "verification": "查證", "vintage_from": "年份起", "vintage_to": "年份迄",
    "programmes": "計畫",
}  # fmt: skip


def named(name: str, language: str) -> str:
    """What a field is called in a language."""
    return FIELDS_ZH.get(name) or called(name, language) if language == "zh" else name
