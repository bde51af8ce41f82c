"""What authors run: begin an item, check everything, see what covers what.

Uses the kinds of items and what authors write; it knows nobody's answers.
"""

__all__ = ["check", "coverage", "guess_report", "new", "own_words", "score_lines"]
