"""What one organisation gets beside its levels: trends, contrasts, standardised changes, other weightings, response rates."""
