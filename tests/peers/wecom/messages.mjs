// message/send and message/update_template_card, with the limits of the real ones.
import { createHash } from 'node:crypto';
import { now } from './clock.mjs';
import { Refusal, id } from './world.mjs';

const TEXT_BYTES = 2048;
const bytes = (text) => Buffer.byteLength(String(text));

export function send(world, body) {
  world.checkAgent(body.agentid);
  const asked = String(body.touser ?? '').split('|').filter(Boolean);
  const members = asked.map((one) => world.member(one));
  const invalid = asked.filter((_, at) => !members[at]?.visible);
  if (!asked.length) throw new Refusal(82001, 'all receivers invalid');
  if (invalid.length === asked.length) throw new Refusal(81013, 'user & party & tag all invalid');
  const content = shown(world, body);
  const answer = { invaliduser: invalid.join('|'), msgid: id('msg-') };
  for (const member of members.filter((one) => one?.visible)) {
    const message = { ...structuredClone(content), msgid: answer.msgid, at: now() };
    const why = dropped(world, member, body, message);
    if (why) {
      world.dropped.push({ userid: member.userid, why, message });
      continue;
    }
    member.phone.push(message);
    world.sent.push({ userid: member.userid, message });
  }
  const card = body.template_card;
  if (card?.task_id) {
    const known = world.tasks.has(card.task_id);
    if (!known) world.tasks.set(card.task_id, { msgid: answer.msgid });
    if (!known && card.card_type === 'button_interaction') {
      answer.response_code = newCode(world, card.task_id);
    }
  }
  return answer;
}

export function newCode(world, task) {
  const code = id('code-');
  world.codes.set(code, { task, until: now() + 72 * 3600, used: false });
  return code;
}

// Why a message that was answered "ok" is not shown after all.
function dropped(world, member, body, message) {
  const sent = member.sendings;
  const within = (seconds) => sent.filter((one) => one.at > now() - seconds);
  if (tooFast(world, member)) return 'too fast';
  if (within(60).length >= 30) return 'thirty a minute';
  if (within(3600).length >= 1000) return 'thousand an hour';
  if (body.template_card?.task_id && world.tasks.has(body.template_card.task_id)) return 'known task_id';
  const hash = createHash('sha256').update(JSON.stringify(contentOf(body))).digest('hex');
  const interval = Math.min(body.duplicate_check_interval ?? 1800, 4 * 3600);
  if (body.enable_duplicate_check && within(interval).some((one) => one.hash === hash)) return 'duplicate';
  sent.push({ at: message.at, hash });
  return '';
}

// Limits of a test, [count, seconds] for a member and for all, by a clock that always runs.
function tooFast(world, member) {
  const at = performance.now() / 1000;
  const full = (rate, calls) => rate && calls.filter((one) => one > at - rate[1]).length >= rate[0];
  member.calls ??= [];
  if (full(world.flood.member, member.calls) || full(world.flood.all, world.messageCalls)) return true;
  member.calls.push(at);
  world.messageCalls.push(at);
  return false;
}

const contentOf = ({ msgtype, [msgtype]: content }) => [msgtype, content];

function shown(world, body) {
  switch (body.msgtype) {
    case 'text': return { kind: 'text', text: cut(needed(body.text?.content)) };
    case 'markdown': return { kind: 'markdown', text: cut(needed(body.markdown?.content)) };
    case 'image': case 'file': {
      const media = world.mediaOf(body[body.msgtype]?.media_id);
      if (media.type !== body.msgtype) throw new Refusal(40007, 'media of another type');
      const { name, mediaType, data } = media;
      return { kind: body.msgtype, name, mediaType, data: data.toString('base64') };
    }
    case 'template_card': return { kind: 'card', card: checked(body.template_card), done: false };
    default: throw new Refusal(40008, 'invalid message type');
  }
}

function needed(text) {
  if (!text) throw new Refusal(44004, 'empty content');
  return text;
}

function cut(text) {
  const whole = Buffer.from(text);
  return whole.length <= TEXT_BYTES ? text : whole.subarray(0, TEXT_BYTES).toString();
}

function checked(card) {
  const wrong = (why) => { throw new Refusal(40058, `invalid template_card: ${why}`); };
  if (!card?.main_title?.title && !card?.sub_title_text) wrong('no title');
  if ((card.horizontal_content_list ?? []).length > 6) wrong('horizontal_content_list');
  if ((card.horizontal_content_list ?? []).some((one) => !one.keyname)) wrong('keyname');
  if (card.card_type === 'text_notice') {
    if (!card.card_action?.type || !card.card_action.url) wrong('card_action');
    if ((card.jump_list ?? []).length > 3) wrong('jump_list');
    return card;
  }
  if (card.card_type !== 'button_interaction') wrong('card_type');
  if (!/^[0-9A-Za-z_\-@]{1,128}$/.test(card.task_id ?? '')) wrong('task_id');
  const buttons = card.button_list ?? [];
  if (buttons.length < 1 || buttons.length > 6) wrong('button_list');
  const keys = buttons.filter((one) => !one.type).map((one) => one.key);
  if (keys.some((key) => !key || bytes(key) > 1024)) wrong('key');
  if (new Set(keys).size !== keys.length) wrong('repeated key');
  if (buttons.some((one) => !one.text || (one.type === 1 && !/^https?:/.test(one.url ?? '')))) wrong('button');
  return card;
}

export function update(world, body) {
  world.checkAgent(body.agentid);
  const code = world.codes.get(body.response_code);
  if (!code || code.used || code.until <= now()) throw new Refusal(42014, 'response_code used or expired');
  if (body.template_card) checked(body.template_card);
  else if (!body.button?.replace_name) throw new Refusal(40058, 'nothing to update');
  code.used = true;
  for (const userid of body.userids ?? []) {
    for (const message of world.member(userid)?.phone ?? []) {
      if (message.card?.task_id !== code.task) continue;
      if (body.template_card) message.card = body.template_card;
      const words = body.template_card?.replace_text ?? body.button?.replace_name;
      message.done = Boolean(words);
      message.replaced = words ?? '';
    }
  }
  return { invaliduser: [] };
}
