"""What a real browser fetches and measures, for `ssg audit`."""
