#!/usr/bin/env python3
"""A relying party made of authlib, as a web application has it, for tests/peers/providers.py,
which says what is passed, printed and read. All that matters is done by authlib: discovery,
state, nonce, PKCE, the check of the ID token against the provider's keys, and userinfo.
"""

import json
import os
import sys
import urllib.parse

import flask
from authlib.integrations.flask_client import OAuth

app = flask.Flask(__name__)
app.secret_key = os.urandom(32)
issuer = os.environ["ISSUER"]
pkce = os.environ["PKCE"]
provider = OAuth(app).register(
    "provider",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=issuer.rstrip("/") + "/.well-known/openid-configuration",
    client_kwargs={
        "scope": "openid profile email",
        "token_endpoint_auth_method": os.environ["AUTH_METHOD"],
        **({"code_challenge_method": pkce} if pkce else {}),
    },
)


@app.get("/login")
def login():
    return provider.authorize_redirect(os.environ["REDIRECT_URI"])


@app.get("/callback")
def callback():
    token = provider.authorize_access_token(
        claims_options={"iss": {"essential": True, "value": issuer}}
    )
    userinfo = provider.userinfo(token=token)
    return {"id_token": token["userinfo"], "userinfo": userinfo}


def main():
    # An error ends the program instead of becoming a page.
    app.testing = True
    person = app.test_client()
    print(person.get("/login").location, flush=True)
    back = urllib.parse.urlsplit(sys.stdin.readline().strip())
    print(json.dumps(person.get(f"/callback?{back.query}").json))


if __name__ == "__main__":
    main()
