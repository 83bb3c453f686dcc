"""Sockets, requests and faults: what the demo's servers have in common."""
