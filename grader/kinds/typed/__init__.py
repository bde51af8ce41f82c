"""What is typed: guarded first, then given points with the risk that they are far off."""

__all__ = ["guard", "points", "reader", "scene", "suggestion"]
