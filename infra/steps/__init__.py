"""The steps of a deployment, each on its own: what it finds different, and how it puts that right.

A step is a function `changes(deployment)` that compares what is wanted with what is there and yields a
`Change` for every difference. `infra.deploy` makes them, or only tells them (`--plan`). So every step
can be repeated, a repeated one yields nothing, and a plan cannot say other than what would be done.

    account     who deploys, and whether the account can take it
    stack       resources.yaml and watching.yaml, through CloudFormation
    drift       settings that are not as the template says, put back through the services' APIs
    model       the shipped model in the registry
    layers      what layers/ says, built by infra.build_layers, as published versions
    functions   the package, its rendered configuration, and `chalice deploy`
    events      partial batches, on-failure destination, retries of schedules
    gateway     refusals, throttling and access logs of the REST API
    pages       the web pages in their bucket
    smoke       requests as a browser would send them
"""
