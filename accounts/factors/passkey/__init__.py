"""Passkeys (WebAuthn, by the library `webauthn`) as a second factor after the password (MFA-2)."""
