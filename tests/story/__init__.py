"""The client's guide played in a real browser against a real server, with a mail server and an SMS gateway that receive for real."""
