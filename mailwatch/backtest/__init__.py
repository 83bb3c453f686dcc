"""The past replayed: which warnings a threshold would have raised, and how early.

counts   the CSV file
replay   day by day, with only what was known then
"""
