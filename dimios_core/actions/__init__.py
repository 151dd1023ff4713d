"""What organisations did and plan, as given: initiatives, plans, and the worksheet that a group fills in. Restricted."""
