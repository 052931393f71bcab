"""Recovery codes: ten ways in for the day when no other method works, each good once (MFA-2, P10)."""
