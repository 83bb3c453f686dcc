"""The figures of DNS in bulk: `python bench/dns.py [DOMAINS [MANY]]` runs dns_bulk.py.

Its own name would hide dnspython from the scripts beside it, so it is not imported by any.
"""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).with_name("dns_bulk.py")), run_name="__main__")
