"""What every page needs: forms, components, links, the origin of a request, refusals."""
