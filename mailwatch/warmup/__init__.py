"""Warming up IP addresses: what is published about it, and how far a sender has come. Pure.

schedule.py    the published tables: messages a day, messages an hour, addresses for a volume
table.py       one schedule to plan by: published, automated, or a file of one's own
stages.py      the days and volumes of a warm-up that is to begin
next_step.py   a warm-up that is going on: the next day's ceiling, and whether to hold the step
progress.py    sending days, the step of each, and whether to go on
"""
