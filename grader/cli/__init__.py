"""The command line: ``alongside COMMAND``; each command is one function elsewhere."""

from grader.cli.command_line import main

__all__ = ["main"]
