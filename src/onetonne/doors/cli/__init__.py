"""The command line: `onetonne`. One module per job; `app` lists what there is.

Exit codes: 0 done; 1 refused, or a check failed; 2 wrong usage; 3 no such ledger, or it or a
file cannot be read; 4 busy or taken over; 70 a bug. See docs/reference/cli.md.
"""

from onetonne.doors.cli.app import app


def main() -> None:
    app(prog_name="onetonne")
