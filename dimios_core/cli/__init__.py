"""The command line, `dimios`: thin. Each command says what it will do, does it, and names the next one.

One module a command group; importing it registers its commands on `app`.
"""

from dimios_core.cli import (  # noqa: F401 - importing a module registers its commands
    collect,
    compare,
    conclusions,
    demo,
    export,
    goal,
    ingest,
    init,
    initiatives,
    instrument,
    link,
    mapping,
    report,
    research,
    runs,
    score,
    serve,
    survey,
    train,
    train_material,
)
from dimios_core.cli.app import app, main

__all__ = ["app", "main"]
