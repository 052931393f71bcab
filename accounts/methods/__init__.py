"""The pages of second factors: choose, set up, change, confirm it's you; and the security page that shows what one has."""
