"""The outbox: a message is a row written in the same transaction as what caused it, and delivered after commit (MAIL-2)."""
