"""Plain HTML forms for who is not signed in: sign in, redeem, set up."""
