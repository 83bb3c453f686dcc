"""A resolver whose world is one zone."""
