"""Past papers, marking schemes and subject-specific support material, for every account."""
