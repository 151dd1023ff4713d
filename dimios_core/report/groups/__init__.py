"""Units and roles inside an organisation: what is published of them, for every page that tells of them."""
