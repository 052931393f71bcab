"""The services floor: catalogue, home, All Services, the page of each service."""
