"""`python -m dimios_core.forking FD`: see `dimios_core.forking.parent`."""

from dimios_core.forking.parent import main

main()
