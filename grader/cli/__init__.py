"""The command line: ``alongside COMMAND``; each command is one function elsewhere.

Uses every room, and nothing uses it.
"""

from grader.cli.command_line import main

__all__ = ["main"]
