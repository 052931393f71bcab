"""Where a signed-in person lands, and All Services with its search."""
