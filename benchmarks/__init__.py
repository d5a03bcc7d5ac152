"""What measures the figures of docs/performance.md: `make bench`, on Linux, in under six minutes.

The service, the demo and a usual demo each run as a process of their own on loopback; the visitors
are in `python -m benchmarks` itself. Both demos are measured in the same run, so that the ratios
mean the same on another machine even where the milliseconds do not.
"""
