"""Collecting: read what came, keep every hand-in, and decide which of them counts."""

__all__ = ["collect", "history", "listing", "senders", "whose"]
