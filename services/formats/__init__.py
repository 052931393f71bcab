"""The files that examinations are spoken in: EDI, our own CSV profile, zip, PDF. Pure: bytes in, records and errors in words out; no models.

`edi` knows the exchange format of the boards, `csvs` our profile for results, `unpack` and `pdf` look at files of others before anybody else does.
Everything is read line by line or chunk by chunk, so a file's size is never a question of memory. docs/formats.md says what is official and what is ours.
"""
