"""The centre's trail: its Exams Officer and Admins read who did what to whom, when and from where, filter it and take it away (AUD)."""
