"""Nothing lost, nothing done twice, whatever breaks: on real processes, killed at named steps, cut off, wiped, late.

CI plays the short versions; `make faults` plays as many more as fit into QORGAU_FAULTS seconds per test.
"""
