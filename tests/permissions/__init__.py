"""The permissions floor: table, policy, constraints, membership flow, guards."""
