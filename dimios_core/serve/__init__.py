"""The live reports: Voilà on this machine's loopback address, behind a token.

The only room that knows Voilà. It shows notebooks and computes no figure.
"""

from dimios_core.serve.app import ReportServer, bind_loopback, make_server

__all__ = ["ReportServer", "bind_loopback", "make_server"]
