"""What the RFCs define: SPF, DKIM, DMARC and ARC, pure over a `Lookup`, and a mail's header."""
