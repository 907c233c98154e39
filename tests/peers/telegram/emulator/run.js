// The emulator on the port that is given, mended where python-telegram-bot could not read it:
// getMe without is_bot, dates in milliseconds, nested values echoed as strings, null for
// what is done, callback queries without chat_instance.
const sending = require('telegram-test-api/lib/modules/sendResult');

const send = sending.sendResult;
sending.sendResult = (req, res, next) => send(req, res, () => {
  const original = res.sendResult;
  res.sendResult = (data) => {
    if (data.result === null) data.result = true;
    const { result } = data;
    if (req.path.endsWith('/getMe')) result.is_bot = true;
    if (result && result.date > 1e11) result.date = Math.floor(result.date / 1000);
    if (result && typeof result.link_preview_options === 'string') {
      result.link_preview_options = JSON.parse(result.link_preview_options);
    }
    return original.call(res, data);
  };
  next();
});

const { TelegramServer } = require('telegram-test-api/lib/telegramServer');

const format = TelegramServer.formatUpdate;
TelegramServer.formatUpdate = (update) => {
  const formatted = format(update);
  if (formatted.callback_query) formatted.callback_query.chat_instance = '1';
  return formatted;
};

const server = new TelegramServer({ host: '127.0.0.1', port: Number(process.argv[2]) });
server.start().then(() => console.log('ready'));
process.stdin.on('end', () => process.exit(0)).resume(); // whoever started it is gone
