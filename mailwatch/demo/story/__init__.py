"""What is true in each story, as data."""
