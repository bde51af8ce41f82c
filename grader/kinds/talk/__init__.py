"""Conversations: a graph of turns, the walk through it, and what the walk earns."""

__all__ = ["conditions", "conversation", "graph", "mood", "reader", "scoring", "view", "walk"]
