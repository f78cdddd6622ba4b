"""Short programs that lessons show and run: what is shown is what runs."""
