"""What every agency does with a case, written once and mounted by each: a folder per noun.

`tables` is what is stored, `store` its SQL, `handlers` what an event does here, `endpoints` the REST calls; `app` puts
a service together. Nothing here commits: REST calls and events are one transaction each, owned by the adapters.
"""
