"""Journal and tables on SQLite and PostgreSQL, tiles, evidence."""
