"""Warming up IP addresses: what is published about it, and how far a sender has come. Pure.

schedule.py    the published tables: messages a day, messages an hour, addresses for a volume
progress.py    sending days, the step of each, and whether to go on
"""
