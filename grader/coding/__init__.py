"""Tell which acts a typed reply performs, and whether its words speak of danger.

Offers ``code_reply``. Uses nothing but Python.
"""

from grader.coding.coder import SURE, Act, Coding, code_reply

__all__ = ["SURE", "Act", "Coding", "code_reply"]
