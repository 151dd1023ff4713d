"""`python -m dimios_core` is `dimios`."""

from dimios_core.cli import main

if __name__ == "__main__":
    main()
