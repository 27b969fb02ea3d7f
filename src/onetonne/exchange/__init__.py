"""Formats in and out: serial grammars, registry exports, statements, certificates."""
