"""`python -m mailwatch` is `mailwatch`."""

from mailwatch.cli import run

if __name__ == "__main__":
    run()
