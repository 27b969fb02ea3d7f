"""Accounting under Article 6.2, on what the ledger knows: pure, exact, without any state."""
