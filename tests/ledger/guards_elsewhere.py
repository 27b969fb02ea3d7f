"""Reasons to refuse that an act meets only in a state of its own, beside its guards in order.

They are not tried two by two. `conftest.py` watches every test of the kernel: a reason that an act
gives and that neither this table nor `guards.py` names fails the test that met it.
"""

from __future__ import annotations

ITEMS = (
    "effective_before_last_move",
    "unknown_unit",
    "bad_quantity",
    "not_enough_free",
    "too_fragmented",
    "administered_account",
)
"""What the items of an act that moves units may meet."""
ALSO: dict[str, tuple[str, ...]] = {
    "dismiss": ("last_registrar",),
    "issue": (
        "unknown_period",
        "cap_exceeded",
        "adjustment_by_hand",
        "levied_issue_only",
        "other_route",
        "boundary_overlap",
    ),
    "admit": (
        "bad_quantity",
        "unknown_rule",
        "foreign_serial_used",
        "unit_not_in_force",
    ),
    "transfer": ITEMS,
    "retire": ITEMS,
    "cancel": ITEMS,
    "convert": ITEMS,
    "lock": (
        "effective_before_last_move",
        "unknown_unit",
        "not_enough_free",
    ),
    "label": (
        "effective_before_last_move",
        "locked",
    ),
    "correct": (
        "needs_two_people",
        "effective_before_last_move",
        "account_closed",
        "locked",
        "moved_since",
        "first_transfer_stands",
    ),
    "register_approach": ("party_not_in_agreement",),
    "record_ndc": ("period_closed",),
    "record_inventory": ("period_closed",),
    "authorise": (
        "effective_before_last_move",
        "unknown_person",
        "not_permitted",
        "account_closed",
        "too_late_to_authorise",
        "plan_needs_cap",
        "beyond_plan",
        "breaks_pledge",
        "agreement_not_in_force",
        "approach_not_in_force",
        "too_fragmented",
    ),
    "change_authorisation": (
        "effective_before_last_move",
        "account_closed",
        "too_late_to_authorise",
        "beyond_plan",
        "authorisation_suspended",
        "entity_withdrawn",
        "agreement_not_in_force",
        "too_fragmented",
    ),
    "use_towards_ndc": (
        "authorisation_expired",
        "party_not_authorised",
        "purpose_not_authorised",
        "metric_mismatch",
        "already_used",
        "surrendered_for_others",
        "period_closed",
    ),
    "use_for_purpose": (
        "effective_before_last_move",
        "authorisation_revoked",
        "authorisation_expired",
        "entity_not_authorised",
        "authorisation_suspended",
        "entity_withdrawn",
    ),
    "issue_credits": ("no_account_of_kind", "unit_not_in_force", "missing_fact"),
    "forward_credits": ("effective_before_last_move",),
    "report_reversal": ("effective_before_last_move",),
    "remedy_reversal": ("effective_before_last_move",),
    "settle_buffer": ("effective_before_last_move",),
    "use_earlier": (
        "effective_before_last_move",
        "held_elsewhere",
    ),
    "open_recall": (
        "sink_is_final",
        "named_twice",
        "already_used",
        "recall_too_late",
    ),
    "consent_to_recall": (
        "needs_two_people",
        "effective_before_last_move",
        "sink_is_final",
        "locked",
        "already_used",
        "not_recallable",
        "recall_too_late",
    ),
    "surrender": ITEMS,
    "approve": ("number_taken",),
}
"""By the act's name, in the order of the codes."""
