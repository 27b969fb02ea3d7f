"""The law engine: dated clauses, verbs, judge, verdict and explanation; no I/O."""
