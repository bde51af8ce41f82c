"""The command line: ``alongside COMMAND``; each command is one function elsewhere."""

__all__ = ["author", "main", "trainee", "trainer"]
