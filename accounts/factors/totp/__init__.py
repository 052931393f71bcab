"""The authenticator app (RFC 6238): key, picture, and a code that works once (P9)."""
