"""One module a command: what it prints and which exit status it has."""
