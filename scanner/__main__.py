"""`python -m scanner` and the `scanner` command."""

import os
import sys
from typing import NoReturn

from scanner.cli.app import main as run_command_line


def main() -> NoReturn:
    """Run the command line and end the process at once.

    All files are closed and all locks released by then. Tearing the interpreter
    down as well would race with threads of native libraries, which may abort it
    and turn a documented exit code into a signal.
    """
    code: object = 0
    try:
        run_command_line()
    except SystemExit as end:
        code = end.code
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            # The reader has gone; what it wanted it has.
            continue
    os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    main()
