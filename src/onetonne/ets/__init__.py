"""Compliance systems: caps, allocation, verified emissions, limits, surrender."""
