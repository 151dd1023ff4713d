"""The live reports: Voilà on this machine's loopback address, behind a token.

The only room that knows Voilà. It shows notebooks and computes no figure.
"""

from dimios_core.serve.app import ReportServer, bind_loopback, make_server
from dimios_core.serve.index import OrganisationLabel

__all__ = ["OrganisationLabel", "ReportServer", "bind_loopback", "make_server"]
