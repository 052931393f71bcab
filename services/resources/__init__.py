"""Past papers, marking schemes and subject-specific support material, for every account (SVC-8).

`gate` says which papers somebody may see now: what is general for everybody, a question paper of today for its own centres from 60 minutes
before its start. `publishing` takes them in, a question paper by two members of staff; `zipped` packs a selection.
"""
