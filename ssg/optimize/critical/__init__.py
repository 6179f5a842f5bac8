"""Critical CSS, faithful by construction: what a page can use of its stylesheets, and how the rest is delivered."""
