"""Counters against guessing and flooding, kept in the database so that a lost cache forgets nothing (A93)."""
