"""From any survey tool's export to one validated, restricted table of answers.

`ingest` reads files with a mapping, checks every cell, and stores answers; `ResponseStore` reads them back.
"""

from dimios_core.responses.ingest import ingest
from dimios_core.responses.ingested import FileSummary, IngestError, IngestSummary, StoredGroup
from dimios_core.responses.mapping import Mapping
from dimios_core.responses.mapping_files import load_mapping
from dimios_core.responses.pseudonyms import create_key, key_path, load_key
from dimios_core.responses.register import Register, read_register
from dimios_core.responses.store import RESPONSE_SCHEMA, Provenance, ResponseStore, store_register

__all__ = [
    "RESPONSE_SCHEMA",
    "FileSummary",
    "IngestError",
    "IngestSummary",
    "Mapping",
    "Provenance",
    "Register",
    "ResponseStore",
    "StoredGroup",
    "create_key",
    "ingest",
    "key_path",
    "load_key",
    "load_mapping",
    "read_register",
    "store_register",
]
