"""What people come for: one small app per service, the catalogue of them all, and the home page. Siblings never import each other."""
