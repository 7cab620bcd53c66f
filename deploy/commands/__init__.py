"""Groups of the `qorgau` command, a file each."""
