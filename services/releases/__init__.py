"""THE release gate (SVC 5-9, P22): what is under embargo is read through here or not at all, judged by the database's clock inside the query.

`gate` says what may be seen, `gated` makes a model refuse every other read, `looking` says who looks and how far; `flow` and the admin set
and move the times, by two members of staff.
"""
