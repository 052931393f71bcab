"""Freeze an account at once: by the reference of a security notice, or from within (issue: one-click freeze)."""
