import sys

from bot.channels.wecom.commands import main

sys.exit(main())
