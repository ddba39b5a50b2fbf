"""``python -m crmlib`` is the ``crm`` command."""

from crmlib.cli import main

main()
