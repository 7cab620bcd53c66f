"""The command line for people at work: what they do most, from a terminal or a script.

`QORGAU_URL` and `QORGAU_TOKEN` say where, and as whom. `--json` prints what the service answered. Exit codes: 0 it was
done; 1 the service said no, and why; 2 the command was not understood; 3 nobody answered, and it may have been done.
"""
