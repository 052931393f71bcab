"""Inviting people to a centre: send, re-send, correct, withdraw, remind, and where each invite stands (INV).

Accepting is the sign-in's part (`accounts.signin.accept`). An invite is an `Invitation` row, a place at the centre that is held for
the invited person from the first moment, and a message in the outbox about "invitation:<id>".
"""
