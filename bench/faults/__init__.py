"""The fault suite of the outbox (`make faults`): real servers and processes that are broken on purpose, and what became of each message."""
