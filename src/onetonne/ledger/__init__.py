"""The kernel: accounts, unit types, commands, events, refusals, state and decide; no I/O."""
