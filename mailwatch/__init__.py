"""mailwatch: one verdict on whether your mail still arrives.

For use as a library: `mailwatch.run.run` collects, judges and returns a `mailwatch.model.Report`.
"""

__version__ = "0.1.0"
