"""Strangers' text made harmless, figures as people write them, and the nearest right word."""
