"""What a trainer prints, shows and says: guides, scripts, slides, cards, forms. No figure of any result stands in it."""
