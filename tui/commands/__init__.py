"""One module per subcommand of the command line; each is imported only when it is asked for."""
