"""What a browser fetches for a page, held against the budgets of the site."""
