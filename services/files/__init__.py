"""Files of others that the Portal keeps: checked when they come, in quarantine until a scanner has found nothing, served only then (A126, A130).

`keeping` takes a file in, `scanning` asks the scanner (`clamd` speaks its language), `serving` gives a file out. Which person may see which
file is not decided here: scripts and papers keep a key of a `PublishedFile` and pass the release gate before they ask for it.
"""
