"""Files of results (SVC 5), on the pipeline of `services.publishing`.

`sources` opens CSV, EDI and zip files as one stream of lines, `matching` holds them against candidates and options a centre at a time, and
`pipeline` says how they are checked and issued.
"""
