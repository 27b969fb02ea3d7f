"""What would let an act of Article 6 through: for each refusal, who could change what.

Where nothing would, it says so: terms under which a unit was first transferred are never changed.
"""

from onetonne.rules.law import Says

NOTHING = Says(
    "Nothing: it stays as it was first transferred. Take units of another authorisation.",
    "無法補正：首次移轉時之條件不變。請改用其他授權之單位。",
)
AS_SAID = Says("As the refusal says.", "如拒絕理由所述。")
CURES: dict[str, Says] = {
    "not_authorised": Says(
        "The host authorises them: a6 authorise.", "由地主國授權：a6 authorise。"
    ),
    "authorisation_revoked": Says(
        "The host authorises them anew: a6 authorise.", "由地主國另行授權：a6 authorise。"
    ),
    "authorisation_suspended": Says("The host resumes it: a6 resume.", "由地主國恢復：a6 resume。"),
    "entity_withdrawn": Says(
        "The host authorises it by another authorisation: a6 authorise --entity.",
        "由地主國以另一授權列入：a6 authorise --entity。",
    ),
    "authorisation_expired": Says(
        "The host puts off its last day: a6 change --use-by.",
        "由地主國展延末日：a6 change --use-by。",
    ),
    "authorisation_cap_exceeded": Says(
        "The host raises the cap (a6 change --cap), or take what was first transferred already.",
        "由地主國提高上限（a6 change --cap），或取得已首次移轉之單位。",
    ),
    "party_not_authorised": Says(
        "The host adds the Party for what is not first transferred: a6 change --for-party.",
        "由地主國就尚未首次移轉者增列締約方：a6 change --for-party。",
    ),
    "entity_not_authorised": Says(
        "The host adds the account: a6 change --entity.", "由地主國增列帳戶：a6 change --entity。"
    ),
    "purpose_not_authorised": Says(
        "The host adds the purpose for what is not first transferred: a6 change --purpose.",
        "由地主國就尚未首次移轉者增列用途：a6 change --purpose。",
    ),
    "participation_incomplete": Says(
        "The host shows what is missing: a6 party --met.", "由地主國補足參與要件：a6 party --met。"
    ),
    "no_ndc_period": Says("The Party records its NDC: a6 ndc.", "由締約方登載 NDC：a6 ndc。"),
    "foreign_period": Says("Take vintages of that NDC's period.", "請改用該 NDC 期間內之年份。"),
    "metric_mismatch": Says(
        "Take units of the metric of that NDC.", "請改用與該 NDC 相同計量之單位。"
    ),
    "sink_is_final": Says("Nothing: these units have ended.", "無法補正：這些單位已終結。"),
}
FIXED = frozenset(("party_not_authorised", "purpose_not_authorised"))
"""What the terms say, which are those of the first transfer once that has happened."""


def cure(code: str, first_transferred: bool) -> Says:
    """What would let through an act that meets this refusal."""
    if first_transferred and code in FIXED:
        return NOTHING
    return CURES.get(code, AS_SAID)
