"""Compliance systems, as asked about."""
