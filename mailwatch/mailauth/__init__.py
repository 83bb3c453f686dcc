"""What the RFCs define: SPF, DKIM and DMARC, pure over a `Lookup`."""
