"""What authors run: begin an item, check everything, see what covers what."""

__all__ = ["check", "coverage", "guess_report", "new", "own_words", "score_lines"]
