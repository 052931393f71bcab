"""The results morning (issue 6, F34): hundreds of people sign in within a minute and read what came out, through the stack as it stands in production."""
