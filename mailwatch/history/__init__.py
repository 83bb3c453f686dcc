"""What earlier runs found: stored whole or not at all, and never at the cost of a report.

place.py      where it is                    store.py     what every store can do, and its errors
schema.py     the tables, and how older ones are brought up to date
sqlite.py     the file of one user           postgres.py  the server that a team shares
tables.py     the same statements for both   stored.py    what is read back, as types
older.py      days of many series at once
keepsakes.py  what sources keep, in their own words
rows.py       CSV and JSON lines, in and out
events.py     events of mail, counted by hour
changes.py    what changed between two runs, and what could have caused it

    with open_store(place) as store: store.series("sendgrid.bounce_rate")
"""
