"""Chapter 7: credit: policy, investigation and scoring, limits, receivables."""
