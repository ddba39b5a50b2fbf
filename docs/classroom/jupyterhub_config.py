"""JupyterHub for a class on one server; docs/classroom.md says how to use it and what to change."""

import os
import sys
from pathlib import Path

from crmlib.classroom.lab import start_page
from crmlib.classroom.roster import USER, read_roster, shared_password, start_language
from crmlib.classroom.server import FOLDER
from crmlib.core.errors import UserError
from crmlib.core.paths import ROOT

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (JupyterHub puts it there)
HUB = Path(os.environ.get("CRM_HUB_DIR") or ROOT / "hub").absolute()

try:
    lang = start_language()
    password = shared_password("CRM_HUB_PASSWORD")
    teachers_password = shared_password("CRM_HUB_TEACHER_PASSWORD")
    roster = read_roster(HUB / "roster.txt")
except UserError as refusal:
    print(refusal, file=sys.stderr)
    sys.exit(2)

# Everything that the hub writes.
HUB.chmod(0o700)
c.JupyterHub.db_url = f"sqlite:///{HUB}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{HUB}/jupyterhub_cookie_secret"
c.ConfigurableHTTPProxy.pid_file = f"{HUB}/jupyterhub-proxy.pid"
c.JupyterHub.upgrade_db = True

# This machine only: other machines come in through a server that speaks TLS.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:8001"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:8081"
c.ConfigurableHTTPProxy.command = [sys.executable, "-P", "-m", "crmlib.classroom.proxy"]

# The roster alone says who may come in; who is taken off it is not let in again.
c.Authenticator.allowed_users = set(roster.students)
c.Authenticator.admin_users = set(roster.teachers)
c.Authenticator.allow_existing_users = False
c.Authenticator.username_pattern = USER.pattern
if password is None:  # a system account each
    c.JupyterHub.authenticator_class = "pam"
    c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
else:  # a trial: one password, one system account
    c.JupyterHub.authenticator_class = "shared-password"
    c.SharedPasswordAuthenticator.user_password = password
    c.SharedPasswordAuthenticator.admin_password = teachers_password
    c.JupyterHub.spawner_class = "simple"
    c.SimpleLocalProcessSpawner.home_dir_template = f"{HUB}/students/{{username}}"

# A student's server: own folder, start page, and an end when nobody is there.
c.Spawner.cmd = [sys.executable, "-P", "-m", "crmlib.classroom.server", lang]
c.Spawner.environment = {"CRM_HOME": FOLDER}
c.Spawner.notebook_dir = FOLDER
c.Spawner.default_url = start_page(lang)
c.Spawner.args = [
    "--MappingKernelManager.cull_idle_timeout=7200",  # seconds; a kernel at work is never ended
    "--MappingKernelManager.cull_interval=300",
    "--MappingKernelManager.cull_connected=True",  # a forgotten tab keeps no memory
    "--MappingKernelManager.kernel_info_timeout=300",  # a whole class runs its notebooks at once
    "--ServerApp.shutdown_no_activity_timeout=7200",
    "--LabApp.extension_manager=readonly",  # asks no package index
    "--LanguageServerManager.autodetect=False",  # starts no other programs
]
c.Spawner.start_timeout = 300  # a whole class starts at once
c.Spawner.http_timeout = 300
