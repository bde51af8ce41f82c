"""The kinds of items: what each is made of, how it is read, scored and shown without its key.

Offers ``load_items``, ``score_response`` and ``public_view``: the same for a card, for grading
and for nbgrader. Uses `grader.coding` and `grader.content`.
"""

from grader.kinds.reading import load_items
from grader.kinds.scoring import score_response
from grader.kinds.views import public_view

__all__ = ["load_items", "public_view", "score_response"]
