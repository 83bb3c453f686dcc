"""Gmail Postmaster Tools and Google's token endpoint."""
