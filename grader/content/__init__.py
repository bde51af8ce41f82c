"""What authors write, read strictly: skills, facts, syllabus, and what every item has.

Every mistake of a file is told at once, with its line. Uses the errors and the file names.
"""

__all__ = ["items", "passing", "strict_yaml", "syllabus"]
