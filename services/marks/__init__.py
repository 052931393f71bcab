"""Internal assessment marks (IAMIS)."""
