"""The desk's addresses on the trainers' server."""

__all__ = ["routes"]
