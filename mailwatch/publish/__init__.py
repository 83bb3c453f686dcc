"""The records to publish: what is missing or wrong, written for a zone file or a DNS provider.

    record_set    the records of one name and type, and what is expected to be there
    advice        which record sets a domain needs, by what DNS has now
    spf_advice dmarc_advice transport_advice      the parts of it
    zone_file route53 terraform                   how they are written

Nothing is sent anywhere: all of it is text for a person to read first.
"""
