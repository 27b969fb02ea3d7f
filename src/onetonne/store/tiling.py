"""The guard of tiling on PostgreSQL: what holdings begin and what they end must balance.

The invariant is that of SQLite's foreign key: each `next` is the `first` of another row of its lot
(docs/decisions/0009). Each statement adds up what it began and ended, as hashes, and puts the sum
on the one row of `tiling`; a transaction that leaves it other than nought is refused.
"""

_PLACE = "hashint8extended({0}, hashint8extended({0} >> 32, {1}.lot))"
"""A place in a lot as 64 bits: the server's hash of a number folds it to 32 bits, so that the hash
of its upper half is the seed for the whole."""
_SUM = (
    f"(SELECT coalesce(sum({_PLACE.format('k.first', 'k')}) FILTER (WHERE k.first > 0), 0)"
    f" - coalesce(sum({_PLACE.format('k.next', 'k')}), 0) FROM {{0}} k)"
)
"""What rows leave open: each begins where another must end, and ends where another must begin. A
lot begins at nought, and its closing row has no end."""

FUNCTION = """CREATE FUNCTION SCHEMA.{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$ {body} $$"""
"""With the owner's rights and whole names, like a foreign key: no search path leads past it."""
OWN = "REVOKE EXECUTE ON FUNCTION SCHEMA.{name}() FROM PUBLIC"
"""Nobody else hangs it on a table of theirs, where it would count what is in no lot."""
ADDED = """DECLARE sum numeric := {sum}; BEGIN
IF sum <> 0 THEN
    UPDATE SCHEMA.tiling SET loose = loose + sum;
    IF NOT FOUND THEN RAISE EXCEPTION 'the row of the table tiling is gone'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'holdings_tiled';
    END IF;
END IF;
RETURN NULL; END"""
NOTED = {
    "holdings_inserted": ("INSERT", "NEW TABLE AS fresh", _SUM.format("fresh")),
    "holdings_changed": (
        "UPDATE",
        "OLD TABLE AS gone NEW TABLE AS fresh",
        f"{_SUM.format('fresh')} - {_SUM.format('gone')}",
    ),
    "holdings_deleted": ("DELETE", "OLD TABLE AS gone", f"- {_SUM.format('gone')}"),
}
"""By trigger: when, the rows that it sees, and the sum of what they open."""

SETTLED = """BEGIN
IF (SELECT sum(t.loose) FROM SCHEMA.tiling t) IS DISTINCT FROM 0
THEN RAISE EXCEPTION 'the holdings of a lot do not stand end to end'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'holdings_tiled';
END IF;
RETURN NULL; END"""
"""What the transaction leaves, asked when it commits or SET CONSTRAINTS says so."""


EMPTIED = "BEGIN UPDATE SCHEMA.tiling SET loose = 0; RETURN NULL; END"
"""Where no holding is left, nothing is open; nobody else can have written meanwhile."""


def guard(schema: str) -> list[str]:
    """The statements that make the guard, for the tables of a schema (quoted)."""
    triggers = {
        name: (f"{event} ON SCHEMA.holdings REFERENCING {seen}", ADDED.format(sum=total))
        for name, (event, seen, total) in NOTED.items()
    }
    triggers["holdings_emptied"] = ("TRUNCATE ON SCHEMA.holdings", EMPTIED)
    statements = [
        "CREATE TABLE SCHEMA.tiling (id BIGINT PRIMARY KEY CHECK (id = 1), loose NUMERIC NOT NULL)",
        "INSERT INTO SCHEMA.tiling VALUES (1, 0)",
    ]
    for name, (event, body) in triggers.items():
        statements += [
            FUNCTION.format(name=name, body=body),
            OWN.format(name=name),
            f"CREATE TRIGGER {name} AFTER {event} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION SCHEMA.{name}()",
        ]
    statements += [
        FUNCTION.format(name="holdings_tiled", body=SETTLED),
        OWN.format(name="holdings_tiled"),
        "CREATE CONSTRAINT TRIGGER holdings_tiled AFTER UPDATE ON SCHEMA.tiling DEFERRABLE "
        "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION SCHEMA.holdings_tiled()",
    ]
    return [statement.replace("SCHEMA", schema) for statement in statements]
