"""From stored answers to what may be published. Read it in this order:

`scoring` (answers -> levels with uncertainty), `disclosure` (what may be published), `estimate` (a batch of
organisations), `gate` (rounds and withholds), `organisation` and `consortium` (what one organisation gets, and all
together), `actions` (initiatives and evidence), `versions` (what stood before), `audit` (reads the published files
alone); `score` runs them all and `store` opens what they wrote.
"""
