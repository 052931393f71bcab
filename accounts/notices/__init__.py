"""Security notices: every change of what protects an account is told to its owner, in their language; none can be switched off (A156)."""
