"""Whether a process may get requests or work: its database, its migrations, its clock, and the settings that all processes share (F22, F30)."""
