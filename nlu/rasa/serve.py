"""Starts Rasa's server: ``python serve.py MODEL HOST PORT``, with the token in ``RASA_TOKEN``.

Whoever may call Rasa's interface may also load models into it, so nobody may without the token;
and a token on the command line could be read by everybody on the machine.
"""

import os
import sys

from rasa.__main__ import main


def arguments(model: str, host: str, port: str, token: str) -> list[str]:
    server = ["--enable-api", "--interface", host, "--port", port, "--auth-token", token]
    return ["rasa", "run", "--model", model, *server, "--credentials", "credentials.yml"]


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    sys.argv = arguments(*sys.argv[1:], os.environ.pop("RASA_TOKEN"))
    main()
