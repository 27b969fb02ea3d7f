"""One file for each act that the ledger can do."""
