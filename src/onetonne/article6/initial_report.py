"""What an initial report must say, section by section, and which sections a draft lacks.

2/CMA.3 annex, paragraph 18; the letters differ between sources, so sections have names here.
"""

from collections.abc import Mapping

SECTIONS: dict[str, tuple[str, str]] = {
    "participation": ("how the participation responsibilities are met", "如何符合參與責任"),
    "metrics_and_method": ("metrics, and the method of adjustment", "計量與調整方法"),
    "ndc_quantified": ("the NDC quantified, with scope and reference", "NDC 之量化、範圍與基準"),
    "approach": ("each cooperative approach, with its authorisation", "各合作方法及其授權"),
    "no_net_increase": ("no net increase in emissions", "不致排放淨增加"),
    "baselines": ("conservative baselines and leakage", "保守基線與洩漏"),
    "permanence": ("non-permanence and reversals", "非永久性與逆轉"),
    "environmental_integrity": ("environmental integrity", "環境完整性"),
    "negative_impacts": ("negative impacts are kept small", "負面影響之降低"),
    "human_rights": ("human rights, as the preamble says", "人權（如前言所述）"),
    "sustainable_development": ("sustainable development of the host", "地主國永續發展"),
    "safeguards": ("social and environmental safeguards", "社會與環境保障措施"),
    "adaptation": ("contribution to adaptation", "對調適之貢獻"),
    "overall_mitigation": ("contribution to overall mitigation", "對全球整體減緩之貢獻"),
}
"""Section -> what it says, in English and 繁體中文."""


def missing(draft: Mapping[str, str]) -> tuple[str, ...]:
    """The sections that a draft lacks or leaves empty, in order."""
    return tuple(name for name in SECTIONS if not draft.get(name, "").strip())


def unknown(draft: Mapping[str, str]) -> tuple[str, ...]:
    """Sections of a draft that no initial report has: a name mistyped hides what is missing."""
    return tuple(sorted(set(draft) - set(SECTIONS)))
