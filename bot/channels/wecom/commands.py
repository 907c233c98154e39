"""What an administrator does once, or whenever people or the menu change: ``registrar wecom``."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from backend.office import Office
from backend.registry.limits import UnreadableFile
from bot.assemble import office_alone
from bot.channels.port import Unreachable
from bot.channels.wecom import directory, menu
from bot.channels.wecom.api import Api
from bot.channels.wecom.checking import CODES, UNREACHABLE
from bot.channels.wecom.directory import Bound
from bot.channels.wecom.errors import ApiError
from bot.channels.wecom.lent import of_application
from bot.prepare import sealer
from bot.settings import Settings

Job = Callable[[Office, Api], Awaitable[int]]


def run_menu(settings: Settings) -> int:
    """Exit status."""
    return within(settings, create_menu)


def run_people(settings: Settings, file: Path | None) -> int:
    """Exit status; ``file`` None: WeCom's own directory is asked."""
    return within(settings, partial(bind_people, file=file))


async def create_menu(office: Office, api: Api) -> int:
    await menu.create(api)
    print("✓ 菜单已更新，成员重新进入应用后看到。 The menu is there.")
    return 0


async def bind_people(office: Office, api: Api, file: Path | None) -> int:
    """One line for each kind of outcome; exit status 1 where some user ids stay nobody's."""
    try:
        pairs = list(directory.pairs_in(file)) if file else await directory.pairs_from(api)
    except directory.NoColumns:
        print("第一行要有“账号”和“学号”（或“工号”）两列。 Two columns are needed.", file=sys.stderr)
        return 1
    except (OSError, UnreadableFile):
        print(f"{file}: 读不了这个文件。 The file cannot be read.", file=sys.stderr)
        return 1
    done = await asyncio.to_thread(directory.bind_all, office, pairs)
    tell(done)
    return 1 if done.unknown or done.apart else 0


def tell(done: Bound) -> None:
    print(f"新绑定 bound: {done.new}；原已绑定 before: {done.same}")
    if done.unknown:
        print(f"登记库里没有 not in the registry ({len(done.unknown)}): {', '.join(done.unknown)}")
    if done.apart:
        print(
            f"属于别人或本人已解绑 somebody else's, or unbound by themselves ({len(done.apart)}):"
            f" {', '.join(done.apart)}"
        )


def within(settings: Settings, job: Job) -> int:
    """With the office and the API of this installation."""
    if settings.wecom is None:
        print("没有配置企业微信（见 docs/wecom.md）。 WeCom is not configured.", file=sys.stderr)
        return 1
    wecom = settings.wecom

    async def run(office: Office) -> int:
        api = Api(wecom, of_application(wecom, office, sealer(settings)), office.clock.now)
        try:
            return await job(office, api)
        finally:
            await api.close()

    try:
        with office_alone(settings) as office:
            return asyncio.run(run(office))
    except ApiError as error:
        print(" ".join(CODES.get(error.code, (str(error),))), file=sys.stderr)
    except Unreachable:
        print(" ".join(UNREACHABLE), file=sys.stderr)
    return 1
