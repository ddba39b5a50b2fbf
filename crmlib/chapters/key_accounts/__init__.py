"""Chapter 10, key accounts, complaints and risk: what hangs on a few customers, and what can go wrong."""
