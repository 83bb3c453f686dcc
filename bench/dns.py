"""The figures of DNS in bulk: `python bench/dns.py [DOMAINS [MANY]]` runs dns_bulk.py.

Its own name is dnspython's: to a script beside it that asks for that, it gives that.
"""

import importlib
import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).with_name("dns_bulk.py")), run_name="__main__")
else:
    path = sys.path
    sys.path = [place for place in path if Path(place).resolve() != Path(__file__).resolve().parent]
    del sys.modules[__name__]
    importlib.import_module("dns")
    sys.path = path
