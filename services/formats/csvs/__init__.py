"""CSV files of fixed columns, and our own profile for results (docs/formats.md): `reading` knows bytes and cells, `results` what a row of results says.

Each line is a row of its own (a cell holds no line break), so a quotation mark that is never closed spoils one line and not the rest of the file.
"""
