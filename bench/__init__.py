"""Measurements that anyone can run; each compares two things within one run, so that the machine's speed does not matter."""
