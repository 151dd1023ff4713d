"""What a report says first: findings of all kinds in one ranked list, and the words that are drawn from it."""
