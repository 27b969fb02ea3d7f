"""Where an authorisation stands on a day, and whom it is for: guards that acts and questions share.

One that has ended was revoked, or its last day has passed; one that is suspended may come back.
"""

from datetime import date

from onetonne.ledger.article6.tables import Authorisation
from onetonne.ledger.refusals import Refused
from onetonne.ledger.tables import Account


def check_alive(row: Authorisation, day: date) -> None:
    """Refuse an authorisation that was revoked, whose last day has passed, or that is suspended."""
    if row.revoked:
        raise Refused("authorisation_revoked", authorisation=row.authorisation, entry=row.revoked)
    check_in_time(row, day)
    if row.suspended:
        code, entry = row.authorisation, row.suspended
        raise Refused("authorisation_suspended", authorisation=code, entry=entry)


def check_in_time(row: Authorisation, day: date) -> None:
    """Refuse a day after the last one, of the version under which units are first transferred or
    were: what it lets them be used for ends with it."""
    if row.use_by is not None and day > row.use_by:
        raise Refused(
            "authorisation_expired",
            authorisation=row.authorisation,
            until=str(row.use_by),
            day=str(day),
        )


def is_dead(row: Authorisation, day: date) -> bool:
    """Whether nothing new comes under an authorisation."""
    return bool(row.suspended) or has_ended(row, day)


def has_ended(row: Authorisation, day: date) -> bool:
    """Whether it will come no more; a suspended one still holds its scope and what it promises."""
    return bool(row.revoked) or (row.use_by is not None and day > row.use_by)


def is_spent(row: Authorisation) -> bool:
    """Whether nothing is left of its cap; another one may speak of the same serials then."""
    return bool(row.cap) and row.transferred >= row.cap


def check_receiver(row: Authorisation, account: Account) -> None:
    """Whether an authorisation lets this account have its units."""
    if row.parties and account.party not in row.parties:
        raise Refused(
            "party_not_authorised",
            authorisation=row.authorisation,
            party=account.party,
            authorised=", ".join(row.parties),
        )
    check_entity(row, account)
    check_not_withdrawn(row, account.account)


def check_not_withdrawn(row: Authorisation, account: int) -> None:
    """Whether an account may still get new units under an authorisation."""
    if account in row.withdrawn:
        raise Refused("entity_withdrawn", authorisation=row.authorisation, account=account)


def check_entity(row: Authorisation, account: Account) -> None:
    if row.entities and account.kind != "party" and account.account not in row.entities:
        raise Refused(
            "entity_not_authorised", authorisation=row.authorisation, account=account.account
        )


def only_revoked(row: Authorisation, day: date) -> bool:
    """Whether nothing but its revocation ended an authorisation."""
    return bool(row.revoked) and not row.suspended and (row.use_by is None or day <= row.use_by)
