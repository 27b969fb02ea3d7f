"""Record an agreement between Parties: a register that moves no units, which approaches rest on."""

from onetonne.base.parties import is_party
from onetonne.ledger.acts.authorise import CODE, DIGEST
from onetonne.ledger.acts.pledges import each_once
from onetonne.ledger.article6.agreements import AgreementRecorded, RecordAgreement
from onetonne.ledger.events import Event
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State

MAX_TITLE = 200


def record(state: State, act: RecordAgreement, ctx: Context) -> tuple[Event, ...]:
    if not CODE.fullmatch(act.agreement):
        expected = "a code of letters, digits, blank . / - (at most 80)"
        found = act.agreement[:80]
        raise Refused("bad_text", field="agreement", found=found, expected=expected)
    for party in act.parties or ("",):
        if not is_party(party):
            raise Refused("unknown_party", party=party)
    each_once(act.parties)
    if not 0 < len(act.title) <= MAX_TITLE:
        expected = f"text of 1 to {MAX_TITLE} characters"
        raise Refused("bad_text", field="title", found=act.title[:80] or "-", expected=expected)
    if act.until is not None and act.until < act.since:
        expected = f"{act.since} or later"
        raise Refused("bad_text", field="until", found=str(act.until), expected=expected)
    if not DIGEST.fullmatch(act.digest):
        raise Refused("bad_digest", what="digest")
    old = state.agreements.get(act.agreement)
    # After this point the record must succeed.
    event = AgreementRecorded(
        agreement=act.agreement,
        version=old.version + 1 if old else 1,
        title=act.title,
        parties=act.parties,
        since=act.since,
        digest=act.digest,
        until=act.until,
    )
    return (event,)
