"""The shell: execute, questions, identity and approvals, the clock."""
