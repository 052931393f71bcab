"""Codes that we send: made here, checked here, single use, one live code for each person and purpose (P7, P8)."""
