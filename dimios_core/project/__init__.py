"""An outputs folder as a whole: joins rooms that know nothing of each other. It speaks to nobody and prints nothing."""
