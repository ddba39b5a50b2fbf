"""Chapter 6. customer value: identification, RFM, lifetime value, churn."""
