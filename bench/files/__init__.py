"""Files as production serves them, measured: `python -m bench.files`."""
