"""Data only: unit types, registries' formats, jurisdictions; read by the store."""
