"""Benchmarks: ssg beside other programs, on the same pages, in one run."""
