"""Run it: the `qorgau` command, the embedded servers, migrations, compose file and demo."""
