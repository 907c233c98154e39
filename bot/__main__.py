"""``python -m bot`` is the ``registrar`` command, for where it is not on the path."""

import sys

from bot.cli import main

if __name__ == "__main__":
    sys.exit(main())
