"""How Jupyter starts a kernel that is forked; its name is registered by :mod:`crmlib.notebooks.fork_server`."""

import asyncio
from contextlib import suppress
from typing import Any

from crmlib.notebooks.fork_server import Fork
from crmlib.support import light  # noqa: F401  (before jupyter_client brings nbformat in)

from jupyter_client.provisioning.local_provisioner import LocalProvisioner  # isort: skip


class ForkProvisioner(LocalProvisioner):
    """Starts a kernel by forking it from the warmed process."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel that reads the connection file named in ``cmd``."""
        connection_file = cmd[cmd.index("-f") + 1]
        fork = Fork(connection_file, kwargs.get("cwd"), kwargs["env"])
        self.process = fork  # type: ignore[assignment]  # speaks as much of Popen as is asked
        self.pid = self.pgid = fork.pid
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and see it end: Jupyter would look once and then sleep for a tenth of a second."""
        await super().kill(restart)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.wait(), 1)

    async def wait(self) -> int | None:
        """Wait for the kernel to end, without the tenth of a second that Jupyter waits between two looks."""
        while self.process and await self.poll() is None:
            await asyncio.sleep(0.005)
        return await super().wait()
