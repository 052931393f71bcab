"""What a person may do: centres, memberships, roles and grants; the access table; the policy over it; the guards every view carries."""
