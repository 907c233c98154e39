"""An assistant with the demo's people, reached through the Bot API's wire and nothing else."""

from collections.abc import Callable

from sqlalchemy import select

from backend import accounts
from backend.models import ChatAccount, Conversation, Inbound, Person
from backend.registry.demo import FEATURED
from bot.channels.port import Limits, Rate
from bot.channels.telegram import Telegram
from bot.deliver import Dispatcher
from bot.limits import Limit
from bot.play import Stage
from bot.sections import TelegramSettings
from bot.signin.start import Starting
from tests.channels.telegram.serving import Serving
from tests.peers.telegram.bot_api import TOKEN, BotApi
from tests.peers.telegram.emulator import Emulator

SPEED = 20.0  # how much faster than ours the platform's seconds pass
SECRET = "a-secret_of_this-installation="


def faster(limits: Limits) -> Limits:
    """The same for a platform whose seconds pass more quickly."""

    def rates(given: tuple[Rate, ...]) -> tuple[Rate, ...]:
        return tuple(Rate(rate.count, rate.seconds / SPEED) for rate in given)

    return Limits(rates(limits.chat), rates(limits.all))


class House:
    def __init__(
        self,
        stage: Stage,
        api: BotApi | Emulator,
        *,
        polling: bool = False,
        bind: Callable[[str, str], str | None] | None = None,
        messages: Limit | None = None,
        token: str = TOKEN,
    ) -> None:
        self.stage = stage
        self.api = api
        self.office = stage.assistant.office
        settings = TelegramSettings.model_validate(
            {"token": token, "api_url": api.url, "polling": polling}
        )

        def make(url: str) -> Telegram:
            return Telegram(
                settings,
                secret=SECRET,
                reception=stage.assistant.reception,
                office=self.office,
                base_url=url,
                bind=bind or Starting(self.office, stage.assistant.links).bind,
                messages=messages,
            )

        self.serving = Serving(make)
        self.telegram = self.serving.telegram
        self.channel = self.telegram.channel
        self.channel.limits = faster(self.channel.limits)
        self.dispatcher = Dispatcher(
            self.office, self.channel, stage.assistant.links, f"house {id(self)}"
        )

    def bind(self, address: int, who: str) -> int:
        """This chat belongs to that person of the demo; the pages that bind are not part of this."""
        number = next((one.number for one in FEATURED if one.key == who), who)
        with self.office.work() as work:
            person = work.session.scalars(select(Person.id).where(Person.number == number)).one()
            accounts.account(work, "telegram", str(address), person).bound_at = work.now
        return person

    def settle(self) -> None:
        """Turns are taken, jobs run and messages sent until nothing moves."""
        if isinstance(self.api, BotApi):
            self.api.webhook.quiet()
        stage = self.stage
        while stage.pump.run(stage.assistant.reception.take_turns) or stage.jobs.run_all(
            self.office
        ):
            pass
        self.serving.run(self.dispatcher.settle())

    def heard(self, address: int) -> list[Inbound]:
        with self.office.read() as work:
            return list(
                work.session.scalars(
                    select(Inbound)
                    .join(ChatAccount, ChatAccount.id == Inbound.account_id)
                    .where(ChatAccount.address == str(address), Inbound.message_key.is_not(None))
                    .order_by(Inbound.id)
                )
            )

    def texts(self, address: int) -> list[str]:
        return [one.body.get("text", "") for one in self.heard(address)]

    def account(self, address: int) -> ChatAccount | None:
        with self.office.read() as work:
            return work.session.scalar(
                select(ChatAccount).where(ChatAccount.address == str(address))
            )

    def language(self, address: int) -> str:
        with self.office.read() as work:
            return work.session.scalars(
                select(Conversation.language)
                .join(ChatAccount, ChatAccount.conversation_id == Conversation.id)
                .where(ChatAccount.address == str(address))
            ).one()
