"""Key dates: what staff announce and the announced results days, as a page and as a calendar that other programs read (SVC-9).

Everything here is public: `queries` is the one place where dates come from, and it knows of no result, file or centre. `feed` signs the
address of a person's calendar, `ics` writes it.
"""
