"""View Scripts: marked scripts of the centre's candidates, one PDF a component, behind the release gate (SVC-7).

`publishing` takes scripts in and keeps every version; `queries` reads them by look; `flow` notes in the centre's trail who opened which.
"""
