"""Access requests (ROLE): what a person may open and could ask for, and the answers of the centre's Exams Officer and Admins."""
