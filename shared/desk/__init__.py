"""The desk: pages for an agency's own staff, served by its own service, over the same code as the REST calls.

A page is a function that calls what the API calls and fills a template. Everything works without JavaScript; with it,
pages follow what happens. No page loads anything from another host.
"""
