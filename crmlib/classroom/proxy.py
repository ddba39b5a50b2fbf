"""The proxy in front of a class: configurable-http-proxy in Python, with what JupyterLab and a full room need.

As it comes, version 0.4 drops the subprotocol of a kernel's websocket (JupyterLab meets an error and tries again
without it), sends a browser's binary messages on as text, does not tell the browser when a kernel's connection has
ended, and asks for ten things at once at most, for 20 seconds at most: an eleventh student waits for one of the ten.
``python -m crmlib.classroom.proxy`` takes the same options.
"""

from typing import Any
from urllib.parse import urlsplit

from configurable_http_proxy import cli, configproxy  # type: ignore[import-untyped]
from configurable_http_proxy.handlers import ProxyHandler  # type: ignore[import-untyped]
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

AT_ONCE = 1000
"""How many requests may be under way; a page that waits for its server keeps one."""
PATIENCE = 600.0
"""Seconds a request may take: as long as a server may need to start, and more."""


class Handler(ProxyHandler):  # type: ignore[misc]  # comes without types
    """Passes on requests, and websockets as they are: subprotocol, binary messages, the end of the connection."""

    def _get_proxy_request(self, url: str) -> HTTPRequest:
        request: HTTPRequest = super()._get_proxy_request(url)
        request.request_timeout = PATIENCE
        return request

    def select_subprotocol(self, _offered: list[str]) -> str | None:
        """Take the subprotocol that the server has taken."""
        chosen: str | None = self.ws_client.selected_subprotocol
        return chosen

    async def start_ws_client(self, path: str | None = None) -> None:
        """Connect to the server before the browser's own connection is accepted."""
        self.closed = False
        if (url := await self.get_target_url(path)) is None:
            return
        request = self._get_proxy_request(urlsplit(url)._replace(scheme="ws").geturl())
        try:
            self.ws_client = await websocket_connect(request, on_message_callback=self._answer)
        except HTTPClientError as refusal:
            self.set_status(refusal.code)
            self.finish(refusal.message)
        except OSError as failure:
            await self.handle_proxy_error(503, failure)

    def _answer(self, message: str | bytes | None) -> None:
        if message is None:
            self.close()
        elif self.ws_connection:
            self.proxy.update_last_activity(self.target["prefix"])
            self.write_message(message, binary=isinstance(message, bytes))

    def on_message(self, message: str | bytes) -> Any:
        """Send a browser's message on as it came; the future keeps a fast sender from running ahead."""
        self.proxy.update_last_activity(self.target["prefix"])
        return self.ws_client.write_message(message, binary=isinstance(message, bytes))


def main() -> None:
    """Serve until told to stop."""
    AsyncHTTPClient.configure(None, max_clients=AT_ONCE)
    configproxy.ProxyHandler = Handler
    cli.main()


if __name__ == "__main__":
    main()
