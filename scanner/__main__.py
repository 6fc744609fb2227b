"""`python -m scanner` and the `scanner` command."""

from scanner.cli.app import main

if __name__ == "__main__":
    main()
