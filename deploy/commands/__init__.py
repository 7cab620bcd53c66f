"""Groups of the `qorgau` command, a file for each."""
