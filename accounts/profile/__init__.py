"""What people say of themselves: their name, job role, language and phone number, and the rules for such words (PRO-1)."""
