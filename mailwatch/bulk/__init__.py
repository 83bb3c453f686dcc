"""Lists that are too long to hold: one line in, one line out, whatever is done with each.

    work        what is done with an item: the contract that the engines know
    feed        the list, read ahead a little in a thread
    handlers    many items at work at once in one process
    here        the engine in this process
    processes   the engine with several processes of this machine, and `worker`, what runs in each
    once        what only one of the processes has to do
    cluster     the engine on a Dask cluster
    domainwork  the work for DNS: a domain → its line;  lines: how that is written
    on_request  what is measured of a domain only where it is asked for
    domainlist  the list of domains, read;  resume: the lines that an earlier run wrote

An engine knows nothing of DNS: reading report files is another `Work`.
"""
