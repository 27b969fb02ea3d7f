"""What codes are called in 繁體中文: events, acts, statuses, ends, kinds of every sort, roles.

The one table: refusals, stories and every door read it. Codes of the field (ITMO, VCU, CP2) and of
the law stay as they are, and so does what has no word here.
"""

import re

EVENTS_ZH = {
    "founded": "設立帳本", "enrolled": "登錄人員", "dismissed": "人員除名",
    "account_opened": "開立帳戶", "account_closed": "關閉帳戶", "project_registered": "專案登錄",
    "issued": "核發", "moved": "移轉", "cancelled": "取消", "lifted": "解除鎖定",
    "labelled": "標籤", "corrected": "更正", "proposed": "提案", "settled": "結案",
    "observed": "觀察紀錄", "rooted": "持有根", "operator_registered": "登錄納管事業",
    "operator_changed": "變更納管事業", "operators_grouped": "合併計算", "cap_set": "訂定總量",
    "payment_recorded": "登載繳款", "allocated": "核配", "figure_set": "登載數值",
    "returned": "退還", "recognised": "認可", "recognition_withdrawn": "撤銷認可",
    "duty_arose": "產生義務", "duty_settled": "義務了結", "approach_registered": "登錄合作方法",
    "participation_declared": "參與責任", "ndc_recorded": "登載 NDC",
    "inventory_recorded": "登載清冊", "authorised": "授權", "authorisation_revoked": "撤銷授權",
    "first_transferred": "首次移轉", "used": "使用", "policy_chosen": "選定政策",
    "activity_submitted": "提出活動", "activity_advanced": "推進活動",
    "reductions_verified": "查證減量", "credits_levied": "提撥", "boundary_declared": "申報邊界",
    "route_changed": "變更途徑", "reduction_claimed": "減量歸屬", "reversal_reported": "通報逆轉",
    "reversal_remedied": "補救逆轉", "buffer_settled": "緩衝終了",
    "earlier_used": "先前機制單位之使用", "contribution_recorded": "登載非市場貢獻",
    "contribution_withdrawn": "撤回非市場貢獻", "plan_recorded": "登載計畫",
    "authorisation_suspended": "暫停授權", "authorisation_resumed": "恢復授權",
    "entity_withdrawn": "撤除授權實體", "recall_opened": "提出召回",
    "recall_consented": "同意召回", "recalled": "召回", "period_closed": "結清期間",
    "agreement_recorded": "登載協定", "levy_policy_set": "設定合作方法之提撥",
    "approach_levied": "合作方法提撥", "surrendered": "繳交", "retired": "註銷使用",
    "converted": "轉換", "locked": "鎖定",
}  # fmt: skip

ZH = EVENTS_ZH | {
    "retired": "已註銷使用", "surrendered": "已繳交", "converted": "已轉換",
    "held": "持有", "transferred": "已移出", "retirement": "註銷使用", "surrender": "繳交",
    "conversion": "轉換", "issue": "核發", "transfer": "移轉", "retire": "註銷使用",
    "cancel": "取消", "allocate": "核配", "return": "退還", "penalty": "罰款", "tax": "稅費",
    "convert": "轉換", "correct": "更正", "admit": "納入", "lock": "鎖定", "lift": "解除鎖定",
    "expire": "到期", "label": "標籤", "approved": "已核准", "rejected": "已駁回",
    "withdrawn": "已撤回", "expired": "已到期", "open": "待履行", "met": "已達成",
    "replaced": "已替補", "overdue": "逾期", "void": "失效", "prior_consideration": "事前通知",
    "host_approval": "地主國核准", "validated": "已確證", "registered": "已註冊",
    "suspended": "已暫停", "late_transfer": "結清後首次移轉", "late_recall": "結清後召回",
    "lapsed": "已逾期限", "post_crediting": "計入期後", "closed": "已結束", "renewable": "可展延",
    "fixed": "固定", "unavoidable": "不可避免", "avoidable": "可避免", "levy": "提撥",
    "sop_levied": "調適收益分享提撥", "omge_levied": "整體減緩提撥",
    "sop_owed": "應付調適收益分享", "UNITS": "單位", "CASH": "現金", "ISSUED": "核發量",
    "FIRST_TRANSFERRED": "首次移轉量", "CANCEL": "取消", "RELEASE": "釋出", "finance": "資金",
    "technology": "技術", "capacity": "能力建構", "verified_emissions": "查驗排放量",
    "allocation": "核配量", "obligation": "履約義務量", "entitlement": "使用權限",
    "nap_entitlement": "分配計畫使用權限", "free_allocation": "免費分配量",
    "taxable_emissions": "應稅排放量", "annual_emissions": "年排放量",
    "chargeable_emissions": "收費排放量", "reduction": "減量", "removal": "移除",
    "project": "專案", "programme": "計畫型活動", "policy": "政策措施", "pending": "待轉發",
    "authorisation": "授權", "issuance": "核發", "use": "使用", "in_force": "有效",
    "exhausted": "已用罄", "revoked": "已撤銷", "superseded": "已由新版取代",
    "first_transfer": "首次移轉", "purpose": "其他目的使用", "averaging": "平均法",
    "trajectory": "軌跡法", "budget": "預算法", "missed": "未達成", "oimp": "供其他國際目的",
    "not_used": "已繳交未使用", "not_surrendered": "已使用未繳交", "own": "締約方自用",
    "kept": "計入地主國", "omge": "全球整體減緩", "omge_voluntary": "自願之全球整體減緩",
    "ended": "已終結", "indeterminate": "無法判定", "enrol": "登錄人員", "dismiss": "解除人員",
    "open_account": "開立帳戶", "close_account": "關閉帳戶", "register_project": "登錄專案",
    "observe": "匯入觀察", "propose": "提案", "approve": "核准", "reject": "駁回",
    "withdraw": "撤回", "root": "計算持有根", "register_operator": "登錄納管事業",
    "change_operator": "變更納管事業", "group_operators": "合併計算", "set_cap": "訂定總量",
    "set_figure": "登載數值", "report_emissions": "申報排放量", "return_excess": "退還超繳",
    "recognise": "認可", "withdraw_recognition": "撤銷認可", "settle_duty": "義務了結",
    "record_payment": "登載繳款", "register_approach": "登錄合作方法",
    "declare_participation": "申報參與責任", "record_ndc": "登載 NDC",
    "record_inventory": "登載清冊", "authorise": "授權", "change_authorisation": "變更授權",
    "revoke_authorisation": "撤銷授權", "suspend_authorisation": "暫停授權",
    "resume_authorisation": "恢復授權", "withdraw_entity": "撤除授權實體",
    "use_towards_ndc": "用於 NDC", "use_for_purpose": "用於其他國際目的",
    "use_earlier": "先前機制單位之使用", "choose_policy": "選定政策",
    "submit_activity": "提出活動", "advance_activity": "推進活動",
    "verify_reductions": "查證減量", "issue_credits": "核發並提撥", "forward_credits": "轉發單位",
    "declare_boundary": "申報邊界", "change_route": "變更途徑", "report_reversal": "通報逆轉",
    "remedy_reversal": "補救逆轉", "settle_buffer": "緩衝終了",
    "record_contribution": "登載非市場貢獻", "withdraw_contribution": "撤回非市場貢獻",
    "record_plan": "登載計畫", "open_recall": "提出召回", "consent_to_recall": "同意召回",
    "close_period": "結清期間", "record_agreement": "登載協定",
    "set_levy_policy": "設定合作方法之提撥", "override": "逾越計畫之決定", "validate": "確證",
    "register": "註冊", "renew": "展延", "suspend": "暫停", "resume": "恢復", "end": "結束",
    "close": "終止", "request": "申請", "methodology": "方法學沿用", "abroad": "為境外重新核發",
    "administrative": "行政", "ambition_increase": "提升企圖心",
    "article_3_7_ter": "第 3 條第 7 項之三", "excess_issuance": "超額核發",
    "international_mitigation": "國際減緩目的", "mandatory": "強制", "net_source": "淨排放源",
    "non_compliance": "未履約", "replacement": "替換", "reversal": "逆轉補救",
    "towards_ndc_host": "計入地主國 NDC", "voluntary": "自願", "sink": "終端帳戶",
    "pledge": "質押", "freeze": "凍結", "proposal": "提案保留", "buffer": "逆轉緩衝",
    "handover": "移交保留", "ccp": "核心碳原則", "article6_authorised": "第六條授權註記",
    "controversy": "已知爭議", "corsia_eligible": "CORSIA 合格",
    "direct_environmental_benefit": "直接環境效益", "first_use": "首次法定使用",
    "foreign_serial": "原登錄簿序號", "international_carbon_credit": "國際碳權（ICC）",
    "contribution": "貢獻", "environmental_assessment": "環評增量抵換",
    "kyoto_target": "京都議定書承諾", "party_ndc": "締約方 NDC", "tax_or_fee": "碳稅或碳費",
    "voluntary_claim": "自願性宣告", "registrar": "登錄員", "authority": "主管機關",
    "agent": "代理人", "auditor": "稽核員", "verifier": "查驗員", "supervisor": "監督機構",
    "entity": "一般帳戶", "operator": "納管事業", "party": "締約方", "trader": "交易商",
    "escrow": "保管", "peer": "他國登錄簿", "adaptation_fund": "調適基金", "free": "免費",
    "benchmark": "標竿", "auction": "拍賣", "pool": "合併遵約", "merger": "合併", "ndc": "NDC",
    "tracking": "追蹤", "inventory": "清冊", "sop": "調適收益分享",
    "offsetting_requirement": "抵換義務量", "either": "減量或移除", "single": "單一年",
    "multi": "多年", "block": "區段", "cancellation": "取消", "opaque": "原樣保留之文字",
    "unreadable": "無法讀取",
    "PROPERTY": "財產", "STATUTORY_RIGHT": "法定權利", "LICENCE": "許可", "SECURITY": "金融工具",
    "NOT_PROPERTY": "非財產", "UNSETTLED": "未定",
}  # fmt: skip

NAMES_ZH = {
    "certificate": "證書", "beneficiary": "受益人", "holder": "持有人", "reason": "事由",
    "purpose": "用途", "period": "期間", "kind": "種類", "system": "體系", "value": "值",
    "until": "至", "lock": "鎖定", "rule": "規則", "ratio": "比率", "into": "新批次",
    "from": "來源", "origin": "來源方式", "rate": "比例", "exact": "精確值", "for": "為",
    "corrects": "更正條目", "foreign": "原序號", "observation": "觀察", "cites": "依據",
    "vintage": "年份", "host": "地主國", "mechanism": "機制", "project": "專案",
    "operator": "事業", "lift_by": "解除者", "risk": "風險", "activity": "活動",
    "commitment_period": "承諾期", "facts": "事實", "path": "路徑", "parties": "締約方",
    "metric": "計量", "title": "名稱", "year": "年份", "amount": "金額", "currency": "幣別",
    "approach": "合作方法", "authorisation": "授權", "agreement": "協定", "keys": "邊界鍵",
    "account": "帳戶", "person": "人員", "register": "登錄簿", "programme": "計畫",
    "recall": "召回", "participants": "參與者", "contribution": "貢獻", "sink": "終端帳戶",
    "share": "比例", "sector": "部門", "projected": "預測", "vintages": "年份", "effect": "效果",
    "key": "鍵", "text": "文字", "tonnes": "噸數", "lot_serials": "批次序號",
    "corresponding_adjustment": "相應調整", "first_transfer": "首次移轉",
    "override_reason": "逾越理由", "revocation_terms": "撤銷條件", "change_terms": "變更條件",
    "monitored": "監測期間", "monitoring": "監測期間", "sop_kind": "收益分享種類",
    "omge": "整體減緩", "price": "價格", "replacement": "替代成本", "party": "締約方",
    "ndc": "NDC", "tracking": "追蹤", "inventory": "清冊",
}  # fmt: skip
"""Names of facts, as an act's fields and a history's facts are called."""
WRITTEN = {"beneficiary", "cites", "foreign", "reason", "value"}
"""Facts of a history that are somebody's own words."""
SURE = {"high": "確信度高", "medium": "確信度中", "low": "確信度低"}
"""How sure a row of the lawbook is."""
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def word(text: str, language: str) -> str:
    """A code in a language; `cancelled.KIND` says its kind too."""
    if language != "zh":
        return text
    head, dot, kind = text.partition(".")
    if head == "cancelled" and dot:
        return f"已取消（{ZH.get(kind, kind)}）"
    return ZH.get(text, text)


def words(text: str, language: str) -> str:
    """A list of codes, each by its word."""
    if language != "zh":
        return text
    return _CODE.sub(lambda found: ZH.get(found[0], found[0]), text).replace(", ", "、")


def called(text: str, language: str) -> str:
    """What a fact is called in a language."""
    return NAMES_ZH.get(text, text) if language == "zh" else text


def typed(text: str) -> str:
    """A list of codes that have to be typed: each as its word and itself, 年份（vintage）."""
    told = ZH | NAMES_ZH
    both = _CODE.sub(lambda c: f"{told[c[0]]}（{c[0]}）" if c[0] in told else c[0], text)
    return both.replace(", ", "、")
