"""Second factors: choosing one, setting it up, proving it. A folder for each method."""
