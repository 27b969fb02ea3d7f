"""Benchmarks: ratios in one run, interleaved, median of three; `make bench` prints them."""
