"""Keys with which a centre's own software exchanges files with us (Centre Administration > General > A2C Access Keys)."""
