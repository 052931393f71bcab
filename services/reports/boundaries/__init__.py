"""Grade boundaries as pages and files: `queries` reads them through the gate, `rows` lays them out, `file` writes the CSV."""
