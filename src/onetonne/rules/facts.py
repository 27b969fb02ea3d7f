"""The vocabulary: every fact that law may ask of a unit, its kind, and what we call it.

An absent fact is unknown. Some may be presumed, each with its reason; a verdict shows them as
assumed, and a strict judge presumes nothing. Texts become typed values here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from onetonne.base.parties import is_party
from onetonne.rules.law import Says

Known = str | date | int | Fraction | frozenset[str]
"""A typed value: word, text and party are `str`; yes is `bool`; year is `int`."""
Facts = Mapping[str, Known]


class Presumed(NamedTuple):
    """What is taken for granted where nobody says otherwise, and why."""

    value: Known
    why: Says


class Fact(NamedTuple):
    """A fact: its kind, its names, the words it may be (in the order in which one follows
    another), whom it is about, and whether an act of somebody can still change it: then it can
    be a cure."""

    kind: str
    en: str
    zh: str
    words: tuple[str, ...] = ()
    about: str = "unit"
    curable: bool = False
    presumed: Presumed | None = None


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PURPOSES = _words("NDC OIMP_CORSIA OIMP_OTHER")
_ACTIVE = Presumed("active", Says("no register says that it has ended", "無登錄顯示其已終結"))
_NO_MCU = Presumed(False, Says("its registry marks a contribution unit", "貢獻單位於登錄簿註明"))
_NO_LABEL = Presumed(frozenset(), Says("a label stands in the registry", "標籤載於登錄簿"))
_LATER = Presumed(False, Says("a pre-CDM credit is registered as such", "pre-CDM 額度登錄時即註明"))
_UNMARKED = Presumed("none", Says("an allowance is of any period unless it is marked",
                                  "未標示交易期之配額不限期別"))  # fmt: skip
_OWN = Presumed("none", Says("a unit made from another says so", "由他種單位轉成者皆會註明"))

VOCABULARY: dict[str, Fact] = {
    "unit_type": Fact("text", "unit type", "單位類型"),
    "family": Fact("word", "kind of unit", "單位種類", _words(
        "allowance domestic_credit voluntary_credit international_credit kyoto certificate")),
    "activity_class": Fact("word", "activity class", "活動類別", _words("R RM N")),
    "programme": Fact("text", "programme", "計畫"),
    "methodology": Fact("text", "methodology", "方法學"),
    "methodology_published": Fact("day", "publication of the methodology", "方法學公布日"),
    "methodology_listed": Fact(
        "yes", "methodology on the list when the project was submitted", "專案提交時方法學已列名"),
    "sectoral_scope": Fact("text", "sectoral scope", "部門範疇"),
    "project_type": Fact("text", "project type", "專案類型"),
    "project_family": Fact("text", "family of projects", "專案別"),
    "project_start": Fact("day", "start of the project", "專案開始日"),
    "approved_under_earlier_rules": Fact(
        "yes", "project approved under the earlier cut-off", "專案依舊基準日核准"),
    "registration": Fact("day", "registration of the project", "專案註冊日"),
    "first_crediting_period": Fact("day", "start of the first crediting period", "首次計入期起日"),
    "capacity_mw": Fact("share", "capacity in MW", "裝置容量（MW）"),
    "wcd_compliant": Fact("yes", "meets the dam guidelines (WCD)", "符合世界水壩委員會準則"),
    "host": Fact("party", "host Party", "地主國"),
    "host_region": Fact("text", "host region", "地主地區"),
    "host_is_ldc": Fact("yes", "host is a least developed country", "地主國為最低度開發國家"),
    "host_is_low_income": Fact("yes", "host is a low-income country", "地主國為低所得國家"),
    "reduction_from": Fact("day", "first day of the reductions", "減量起日"),
    "reduction_to": Fact("day", "last day of the reductions", "減量迄日"),
    "reduction_year": Fact("year", "year of the reductions", "減量年份"),
    "issuance": Fact("day", "issuance", "核發日"),
    "certification": Fact("day", "certification", "認證日"),
    "registry_entry": Fact("day", "entry in the registry", "登錄日"),
    "allowance_year": Fact("year", "year of the allowance", "配額年份"),
    "trading_period": Fact("word", "trading period marked on the allowance", "配額所標示之交易期",
                           _words("1 2 3 4 none"), presumed=_UNMARKED),
    "sector_based": Fact("yes", "issued to a sector or jurisdiction, not a project",
                         "核發予部門或轄區而非專案"),
    "gas_share": Fact("share", "share of CO2 and CH4 in the reductions",
                      "減量中 CO2 與 CH4 所占比例"),
    "before_cdm": Fact("yes", "from the time before the CDM registration (pre-CDM)",
                       "CDM 註冊前產生之減量（pre-CDM）", presumed=_LATER),
    "second_period_target": Fact("yes", "host's target for the second Kyoto period is in force",
                                 "地主國第二承諾期目標已生效"),
    "controversies": Fact("words", "known controversies", "已知爭議"),
    "overcredited": Fact("share", "credited this many times too much, as found",
                         "經認定之超額核發倍數"),
    "commitment_period": Fact("word", "commitment period", "承諾期", _words("CP1 CP2 none")),
    "participants": Fact("words", "Parties whose companies carry the project out",
                         "執行企業所屬國"),
    "home_ownership": Fact("share", "share owned by companies of the system's country",
                           "該體系本國企業持有比例"),
    "home_cost_share": Fact("share", "share of the project's cost paid by such companies",
                            "本國企業負擔專案成本比例"),
    "home_funds_government": Fact("yes", "such companies fund a project of the host's government",
                                  "本國企業資助地主國政府之專案"),
    "covered_source": Fact("yes", "project inside sources that the system covers",
                           "專案位於該體系納管邊界內"),
    "pre_allocation": Fact("yes", "the project was given allowances beforehand",
                           "專案曾獲事前配額"),
    "direct_benefits": Fact("words", "places with direct environmental benefits",
                            "直接環境效益地區"),
    "tribal_land": Fact("yes", "on federally recognised tribal land", "位於聯邦承認之部落土地"),
    "loa_purposes": Fact("words", "authorised uses", "授權用途", _PURPOSES, curable=True),
    "loa_country": Fact("party", "Party authorised to use it", "獲授權使用國", curable=True),
    "adjustment": Fact("word", "corresponding adjustment", "相應調整", _words(
        "NONE AUTHORISED FIRST_TRANSFER_REPORTED APPLIED_IN_BTR"), curable=True),
    "labels": Fact("words", "labels of its registry", "登錄標籤", presumed=_NO_LABEL),
    "recognised": Fact("yes", "recognised by the authority", "主管機關已認可", curable=True),
    "status": Fact("word", "status", "狀態", _words(
        "active retired cancelled surrendered converted transferred invalidated expired"),
        presumed=_ACTIVE),
    "origin_unit": Fact("text", "unit that it was made from", "來源單位", presumed=_OWN),
    "origin_unit_cancelled": Fact("yes", "the unit that it was made from is cancelled",
                                  "來源單位已取消", curable=True),
    "forward_contract": Fact("yes", "under a forward contract registered in time",
                             "屬期限內登記之遠期契約"),
    "entity_class": Fact("text", "class of operator", "營運者類別", about="entity"),
    "entity_state": Fact("party", "country of the operator", "營運者所屬國", about="entity"),
    "high_leakage": Fact("yes", "operator at high risk of carbon leakage", "高碳洩漏風險事業",
                         about="entity"),
    "approved_plan": Fact("yes", "operator's reduction plan is approved", "自主減量計畫經核定",
                          about="entity"),
    "fee_rate": Fact("word", "fee rate granted to the operator", "核定之費率",
                     _words("preferential_A preferential_B"), about="entity"),
    "plan_period": Fact("word", "period of the operator's coefficient", "適用係數之期別",
                        _words("1 2 3"), about="entity"),
    "contribution_unit": Fact("yes", "a contribution to its host's own target (MCU)",
                              "計入地主國本身目標之貢獻單位（MCU）", presumed=_NO_MCU),
    "at_home": Fact("yes", "its host is the Party of the system", "地主國即該體系之締約方",
                    about="act"),
    "period_first": Fact("day", "first day of the period", "履約期首日", about="act"),
    "period_last": Fact("day", "last day of the period", "履約期末日", about="act"),
    "transaction_day": Fact("day", "day of the act", "行為日", about="act"),
}  # fmt: skip

BASES = frozenset(_words(
    "obligation verified_emissions allocation shortfall entitlement taxable_emissions "
    "total_emissions tax_amount chargeable_emissions reduction_obligation offsetting_requirement "
    "annual_emissions nap_entitlement free_allocation baseline base_year_emissions"
))  # fmt: skip
"""What a limit may be a share of; figures of the entity, in whole tonnes for a period."""

_COMMITMENTS = {"CP1": (2000, 2012), "CP2": (2013, 2020)}
"""Years of reductions; CERs of the time before 2008 count for the first commitment period."""

_PORTIONS = frozenset(_words("home_ownership home_cost_share gas_share"))
"""Shares of a whole: never more than all of it."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .+_/()-]{0,59}")
_PERCENT = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,6}))?(%?)")


class FactFault(ValueError):
    """A fact that cannot be so: which, what is wrong, and what is expected, in both languages."""

    def __init__(self, name: str, en: str, zh: str) -> None:
        super().__init__(f"{name}: {en}")
        self.name, self.en, self.zh = name, en, zh


def read_facts(given: Mapping[str, object]) -> dict[str, Known]:
    """Typed facts of plain values (text, int, bool, list). Raises `FactFault`."""
    facts = {name: read_fact(name, value) for name, value in given.items()}
    _agree(facts)
    return {**_settled(facts), **facts}


def read_fact(name: str, value: object) -> Known:
    """One typed fact. Raises `FactFault`."""
    fact = VOCABULARY.get(name)
    if fact is None:
        raise FactFault(name, "no unit has such a fact; see `onetonne law facts`",
                        "單位沒有這項事實；請見 `onetonne law facts`")  # fmt: skip
    found = _typed(fact, value)
    if name in _PORTIONS and isinstance(found, Fraction) and found > 1:
        raise FactFault(name, f"{value!r} is more than the whole; five percent is 5% or 0.05",
                        f"{value!r} 超過全部；百分之五請寫成 5% 或 0.05")  # fmt: skip
    if found is None:
        shape = SHAPES[fact.kind]
        words = f" ({', '.join(sorted(fact.words))})" if fact.words else ""
        raise FactFault(name, f"{value!r} is no {shape.en}{words}",
                        f"{value!r} 不是{shape.zh}{words}")  # fmt: skip
    return found


SHAPES = {
    "word": Says("word of its list", "所列字詞之一"),
    "text": Says("code or text", "代碼或文字"),
    "party": Says("Party code such as KR", "締約方代碼（如 KR）"),
    "day": Says("day such as 2026-12-31", "日期（如 2026-12-31）"),
    "year": Says("year such as 2026", "年份（如 2026）"),
    "yes": Says("true or false", "是非值（true 或 false）"),
    "share": Says("number such as 25%, 0.25 or 15", "數值（如 25%、0.25 或 15）"),
    "words": Says("list of words", "字詞清單"),
}


def _typed(fact: Fact, value: object) -> Known | None:
    kind = fact.kind
    if kind == "yes":
        return {"true": True, "yes": True, "false": False, "no": False}.get(str(value).lower())
    if kind == "words":
        listed = value.split(",") if isinstance(value, str) else value
        if not isinstance(listed, list | tuple | set | frozenset):
            return None
        words = frozenset(str(word).strip() for word in listed if str(word).strip())
        return words if not fact.words or words <= set(fact.words) else None
    if isinstance(value, bool):
        return None
    text = value.isoformat() if isinstance(value, date) else str(value).strip()
    if kind == "day":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    if kind == "year":
        return int(text) if re.fullmatch(r"(19|20)[0-9]{2}", text) else None
    if kind == "share":
        return value if isinstance(value, Fraction) else read_number(text)
    if kind == "party":
        return text if is_party(text) else None
    if fact.words:
        return text if text in fact.words else None
    return text if _CODE.fullmatch(text) else _wide(text)


def _wide(text: str) -> str | None:
    """Text in other scripts, as some programmes write their families."""
    return text if 0 < len(text) <= 60 and text.isprintable() and not text.isascii() else None


def read_number(text: str) -> Fraction | None:
    """`25%`, `0.25` or `15` as a fraction; None for anything else. Never a float."""
    match = _PERCENT.fullmatch(text)
    if match is None:
        return None
    whole, part, percent = match[1], match[2] or "", match[3]
    found = Fraction(int(whole + part), 10 ** len(part))
    return found / 100 if percent else found


def _agree(facts: Facts) -> None:
    """No two facts contradict each other."""
    first, last, year = (facts.get(n) for n in ("reduction_from", "reduction_to", "reduction_year"))
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise FactFault("reduction_to", f"{last} lies before reduction_from, {first}",
                        f"{last} 早於 reduction_from（{first}）")  # fmt: skip
    for name, day in (("reduction_from", first), ("reduction_to", last)):
        apart = isinstance(day, date) and isinstance(year, int) and day.year != year
        if apart and not (isinstance(first, date) and isinstance(last, date)):
            raise FactFault(name, f"{day} is not in reduction_year, {year}",
                            f"{day} 不在 reduction_year（{year}）內")  # fmt: skip
    adjusted = facts.get("adjustment") not in (None, "NONE")
    if adjusted and facts.get("loa_purposes") == frozenset():
        raise FactFault("adjustment", "an adjustment without an authorisation (loa_purposes is [])",
                        "無授權（loa_purposes 為空）卻有相應調整")  # fmt: skip


def _settled(facts: Facts) -> dict[str, Known]:
    """What the reductions alone settle: a Kyoto unit is of the commitment period in which its
    reductions happened, if they lie in one."""
    year = facts.get("reduction_year")
    first, last = facts.get("reduction_from", year), facts.get("reduction_to", year)
    if facts.get("family") != "kyoto" or first is None or last is None:
        return {}
    begun, ended = (day.year if isinstance(day, date) else int(str(day)) for day in (first, last))
    of = [name for name, (a, b) in _COMMITMENTS.items() if a <= begun and ended <= b]
    return {"commitment_period": of[0]} if of else {}


def presumptions(facts: Facts) -> dict[str, Known]:
    """What may be presumed beside these facts."""
    return {name: fact.presumed.value for name, fact in VOCABULARY.items()
            if fact.presumed is not None and name not in facts}  # fmt: skip
