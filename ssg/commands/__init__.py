"""Groups of commands that `ssg.cli` puts together."""
