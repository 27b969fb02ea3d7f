"""The command line: `onetonne`. `app` lists what it can do; one module per job holds how.

Exit codes: 0 done; 1 refused, or a check failed; 2 wrong usage; 3 no such ledger, or it or a
file cannot be read; 4 busy, taken over or uncertain; 70 a bug; 130 stopped by Ctrl-C. See
docs/reference/cli.md.
"""

import io
import sys


def main() -> None:
    """Run the command line of this process."""
    try:
        from onetonne.doors import stopping
    except KeyboardInterrupt:
        print("Stopped. No entry was written. 已中斷。未寫入任何條目。", file=sys.stderr)
        sys.exit(130)  # before anybody could watch for it
    stopping.watch()
    from onetonne.doors.cli.app import app

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may lack a character
    app(prog_name="onetonne")
