"""What an entry touched: lots, whose leaves are to be made anew, and accounts, whose statement
it belongs to. Replay waits for these, so the frequent events are asked for first."""

from onetonne.ledger import events as ev


def lots_of(entry: ev.Entry) -> set[int]:
    """The lots whose holdings an entry changed."""
    lots = set[int]()
    for event in entry.events:
        if isinstance(event, (ev.Moved, ev.Issued)):
            lots.add(event.lot)
        elif isinstance(event, ev.Converted):
            lots.update(move.lot for move in event.burnt)
            lots.add(event.issued.lot)
        elif isinstance(event, ev.Locked | ev.Lifted):
            lots.update(lot for lot, _, _ in event.blocks)
    return lots


def accounts_of(entry: ev.Entry) -> set[int]:
    """The accounts whose statement an entry belongs to."""
    accounts = set[int]()
    for event in entry.events:
        if isinstance(event, ev.Moved):
            accounts.update((event.source, event.target))
        elif isinstance(event, ev.Converted):
            for move in event.burnt:
                accounts.update((move.source, move.target))
            accounts.add(event.issued.account)
        elif isinstance(event, ev.Issued | ev.AccountOpened | ev.AccountClosed):
            accounts.add(event.account)
    return accounts
