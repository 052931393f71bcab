"""Candidate results: released ones, and under embargo for those who may see them before."""
