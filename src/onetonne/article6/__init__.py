"""Authorisation, first transfer, levies, emissions balance and the tables of Article 6."""
