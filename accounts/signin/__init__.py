"""Signing in: a small state machine in the session (e-mail given > password right > own password set > method set up > method proved).

`steps.next_step` alone says what is next; `login()` happens at its very end, so a half-signed-in person is nobody to every other page (SIGN-3).
"""
