"""What every page needs: components, forms, links, the origin of a request, refusals, headers."""
