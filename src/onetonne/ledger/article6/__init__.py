"""What Article 6 adds to the kernel: its commands, events, tables, folds and refusals."""
