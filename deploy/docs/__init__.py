"""The documentation site: pages in Markdown, and a reference that is generated from the code when the site is built.

`make docs` builds it (`deploy/docs/run`). Nothing here is needed by a service, and nothing but `hooks` needs MkDocs.
"""
