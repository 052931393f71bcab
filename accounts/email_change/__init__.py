"""Change of the address one signs in with: asked by the person, proved from the new address, told to the old one (PRO-2)."""
