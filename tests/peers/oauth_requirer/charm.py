"""A charm whose users log in elsewhere, as the Python library has its charms do it.

It looks at what the provider says in every hook, as charms do that make their workload's
configuration anew each time, and lets no exception pass unseen.
"""

import dataclasses
import hashlib
import json

import ops
from charmlibs.interfaces import oauth


class Requirer(ops.CharmBase):
    stored = ops.StoredState()

    def __init__(self, framework):
        super().__init__(framework)
        self.stored.set_default(events=[])
        self.oauth = oauth.OAuthRequirer(self, self.client_config())
        framework.observe(self.on.config_changed, self.ask)
        framework.observe(self.on.collect_unit_status, self.tell)
        framework.observe(self.on.look_action, self.look)
        framework.observe(self.oauth.on.oauth_info_changed, self.note)
        framework.observe(self.oauth.on.oauth_info_removed, self.note)
        framework.observe(self.oauth.on.invalid_client_config, self.note)

    def client_config(self):
        uris = self.config["redirect_uris"].split()
        return oauth.ClientConfig(
            # The oldest library knows no list.
            redirect_uri=uris if len(uris) > 1 else next(iter(uris), None),
            scope=self.config["scope"],
            grant_types=self.config["grant_types"].split(),
            token_endpoint_auth_method=self.config["auth_method"],
        )

    def ask(self, _):
        try:
            self.oauth.update_client_config(self.client_config())
        except oauth.ClientConfigError:
            self.stored.events.append("InvalidClientConfigEvent")

    def note(self, event):
        self.stored.events.append(type(event).__name__)

    def known(self):
        """What the library knows. Nobody is shown the client secret: its digest will do."""
        info = self.oauth.get_provider_info()
        if info is None:
            return None
        known = dataclasses.asdict(info)
        if known["client_secret"] is not None:
            digest = hashlib.sha256(known["client_secret"].encode())
            known["client_secret"] = digest.hexdigest()
        return known

    def tell(self, event):
        known = self.known() or {}
        if known.get("client_id") and known.get("client_secret"):
            event.add_status(ops.ActiveStatus(f"log in as {known['client_id']}"))
        else:
            event.add_status(ops.WaitingStatus("for a client"))

    def look(self, event):
        answer = {
            "created": self.oauth.is_client_created(),
            "events": list(self.stored.events),
            "known": self.known(),
        }
        event.set_results({"answer": json.dumps(answer)})


if __name__ == "__main__":
    ops.main(Requirer)
