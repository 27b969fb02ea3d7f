"""The guard of tiling on PostgreSQL: each statement looks at its rows all at once.

The invariant is that of SQLite's foreign key: each `next` is the `first` of the row that
follows (docs/decisions/0009). A statement that leaves its rows so is done with; what it leaves
otherwise is noted in `untiled`, and looked at again when its transaction commits.
"""

LAST = 2**63 - 1
NEAR, NEAR_MOST = 8, 2**59
"""Neighbours are looked for within eight lengths of a block first (of at most so many serials)."""
FOLLOWS = f"""(SELECT h.first FROM SCHEMA.holdings h WHERE h.lot = {{0}}.lot
AND h.first > {{0}}.first AND h.first <= coalesce({{0}}.next, {LAST}) ORDER BY h.first LIMIT 1)"""
"""Where the row after one begins, unless that is beyond its end: an index is read by the page,
unless the range ends before."""
BEFORE = """((SELECT h.next FROM SCHEMA.holdings h WHERE h.lot = {0}.lot
    AND h.first < {0}.first AND h.first >= {0}.first - least({0}.next - {0}.first, {1}) * {2}
    ORDER BY h.first DESC LIMIT 1)
UNION ALL (SELECT h.next FROM SCHEMA.holdings h WHERE h.lot = {0}.lot
    AND h.first < {0}.first ORDER BY h.first DESC LIMIT 1) LIMIT 1)"""
"""Where the row before one ends; looked for nearby first, for the same reason."""

FUNCTION = """CREATE FUNCTION SCHEMA.{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off
AS $$ BEGIN {body} RETURN NULL; END $$"""
"""With the owner's rights and whole names, like a foreign key: nobody's search path leads past
it. Plans made while a table is small would read all of it once it is not."""

NOTED = {
    "holdings_inserted": (
        "INSERT ON SCHEMA.holdings REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
        f"SELECT k.lot, k.first FROM fresh k WHERE k.next IS DISTINCT FROM {FOLLOWS.format('k')}"
        f" OR k.first > 0 AND k.first IS DISTINCT FROM {BEFORE.format('k', NEAR_MOST, NEAR)}",
    ),
    "holdings_changed": (
        "UPDATE ON SCHEMA.holdings REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
        f"SELECT k.lot, k.first FROM fresh k WHERE k.next IS DISTINCT FROM {FOLLOWS.format('k')}",
    ),
    "holdings_moved": (
        "UPDATE ON SCHEMA.holdings FOR EACH ROW"
        " WHEN (OLD.lot <> NEW.lot OR OLD.first <> NEW.first)",
        "VALUES (OLD.lot, OLD.first), (NEW.lot, NEW.first)",
    ),
    "holdings_deleted": (
        "DELETE ON SCHEMA.holdings REFERENCING OLD TABLE AS gone FOR EACH STATEMENT",
        "SELECT k.lot, k.first FROM gone k"
        f" WHERE {BEFORE.format('k', NEAR_MOST, NEAR)} IS DISTINCT FROM (SELECT min(h.first)"
        " FROM SCHEMA.holdings h WHERE h.lot = k.lot AND h.first > k.first)",
    ),
}
"""By trigger: when, and the keys of rows that do not stand end to end with their neighbours."""

SETTLED = f"""IF (SELECT min(h.first) FROM SCHEMA.holdings h WHERE h.lot = NEW.lot) <> 0
OR EXISTS (SELECT FROM SCHEMA.holdings k WHERE k.lot = NEW.lot AND k.first <= NEW.first
    AND k.first >= coalesce((SELECT max(h.first) FROM SCHEMA.holdings h
        WHERE h.lot = NEW.lot AND h.first < NEW.first), 0)
    AND k.next IS DISTINCT FROM {FOLLOWS.format("k")})
THEN RAISE EXCEPTION 'the holdings of lot % do not stand end to end at %', NEW.lot, NEW.first
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'holdings_tiled';
END IF;
DELETE FROM SCHEMA.untiled u WHERE u.lot = NEW.lot AND u.first = NEW.first;"""
"""The row at a key and the one before it, as the transaction leaves them."""


def guard(schema: str) -> list[str]:
    """The statements that make the guard, for the tables of a schema (quoted)."""
    statements = ["CREATE TABLE SCHEMA.untiled (lot BIGINT NOT NULL, first BIGINT NOT NULL)"]
    for name, (event, keys) in NOTED.items():
        body = f"INSERT INTO SCHEMA.untiled {keys};"
        statements += [
            FUNCTION.format(name=name, body=body),
            f"CREATE TRIGGER {name} AFTER {event} EXECUTE FUNCTION SCHEMA.{name}()",
        ]
    statements += [
        FUNCTION.format(name="holdings_tiled", body=SETTLED),
        "CREATE CONSTRAINT TRIGGER holdings_tiled AFTER INSERT ON SCHEMA.untiled DEFERRABLE "
        "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION SCHEMA.holdings_tiled()",
    ]
    return [statement.replace("SCHEMA", schema) for statement in statements]
