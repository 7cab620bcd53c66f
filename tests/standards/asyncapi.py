def test_x():
    import os, pathlib

    assert (pathlib.Path(os.environ["QORGAU_NODE_MODULES"]) / "oidc-provider").is_dir()
