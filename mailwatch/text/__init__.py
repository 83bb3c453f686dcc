"""Untrusted text made safe to print, figures as people write them, and the nearest known word."""
