"""Run the commands without the script: ``python -m grader.cli COMMAND``."""

import sys

from grader.cli import main

sys.exit(main())
