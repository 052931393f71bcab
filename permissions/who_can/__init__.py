"""Who can do what: a help page drawn from the access table and the policy, so that it cannot say anything else (ROLE)."""
