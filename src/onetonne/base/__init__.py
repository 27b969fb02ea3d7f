"""Serials and blocks, days, parties, quantities, canonical bytes and the Merkle tree."""
