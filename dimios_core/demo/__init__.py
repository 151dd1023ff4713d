"""The made-up consortium: 60 organisations that do not exist, as the exports that survey tools produce.

`make_consortium` writes the files, deterministically by seed; they then pass through the same register and
ingest as anybody's. Everything invented lives in parameters/demo/consortium.yaml and initiatives.yaml. Whatever is shown of it
is labelled "Demodata, påhittade organisationer"; `mark_as_demo` leaves the mark that carries the label.
"""

from dimios_core.demo.consortium import Consortium, load_consortium
from dimios_core.demo.exports import DemoFiles, make_consortium, mark_as_demo, read_demo_key
from dimios_core.demo.initiatives import store_actions, write_actions

__all__ = [
    "Consortium",
    "DemoFiles",
    "load_consortium",
    "make_consortium",
    "mark_as_demo",
    "read_demo_key",
    "store_actions",
    "write_actions",
]
