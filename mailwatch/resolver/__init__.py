"""Asking DNS: four outcomes, kept apart to the end. No figures."""
