"""Passwords: how they are hashed, what is refused, how a temporary one is made, and changing one's own."""
