"""OneTonne: a registry in which every tonne has a serial, one holder and a provable history."""

__version__ = "0.1.0.dev0"
