"""Item level data as pages, charts and files: `queries` reads through the gate, `figures` and `small_groups` are the rules, `charts` draws."""
