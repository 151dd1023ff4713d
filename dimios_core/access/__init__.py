"""Who may read what: personal links, the readers they belong to, and the log of what was opened.

Knows nothing of servers and pages. Everything is closed unless a link, or a proxy that is trusted, says otherwise.
"""
