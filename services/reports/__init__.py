"""Reports on results: grade boundaries and item level data. They need the right to view results, and each kind has a release of its own (SVC 6).

`models` holds what was published, version by version; `issuing` is the one way in; `importing` reads the files of staff; `boundaries` and `items`
are the two reports, each read through the gate; `pages` is what their pages share.
"""
