"""Links that leaders open: stored pages at once, and Voilà behind them where a reader touches a control.

The only room that knows Voilà. It shows what was published and computes no figure.
"""

from dimios_core.forking.late_imports import delay_grammar

delay_grammar()  # before Voilà imports nbformat
