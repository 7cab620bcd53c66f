"""What a service's start and memory are beside: FastAPI that says hello, served by uvicorn as the product is.

`python -m tests.bench.hello FD` serves on the listening socket FD.
"""

import socket
import sys

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def say_hello() -> dict[str, str]:
    """Hello."""
    return {"hello": "world"}


@app.post("/", status_code=201)
async def hear_hello() -> dict[str, str]:
    """Hello, as the measuring client calls."""
    return {"hello": "world"}


if __name__ == "__main__":
    config = uvicorn.Config(app, loop="uvloop", access_log=False, log_config=None)
    uvicorn.Server(config).run([socket.socket(fileno=int(sys.argv[1]))])
