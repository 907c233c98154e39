// What WeCom brings to the application: encrypted, signed, and again when it is not answered.
import { request } from 'node:http';
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { now } from './clock.mjs';
import { newCode } from './messages.mjs';
import { id } from './world.mjs';

const WAIT = 5000;
const TRIES = 3;
const cdata = (text) => `<![CDATA[${text}]]>`;

export function xmlOf(world, userid, kind, given) {
  world.messages += 1;
  const common = {
    ToUserName: cdata(world.settings.corp_id),
    FromUserName: cdata(userid),
    CreateTime: String(now()),
  };
  const fields = { ...common, ...contentOf(world, kind, given), AgentID: String(world.settings.agent_id) };
  if (fields.MsgType !== cdata('event')) fields.MsgId = String(7000000000000000000n + BigInt(world.messages));
  for (const [name, value] of Object.entries(given.fields ?? {})) {
    if (value === null) delete fields[name];
    else fields[name] = value;
  }
  return `<xml>${Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`).join('')}</xml>`;
}

function contentOf(world, kind, given) {
  const type = (name, rest) => ({ MsgType: cdata(name), ...rest });
  const event = (name, rest) => type('event', { Event: cdata(name), ...rest });
  const media = () => cdata(stored(world, kind, given).id);
  switch (kind) {
    case 'text': return type('text', { Content: cdata(given.text) });
    case 'image': return type('image', { PicUrl: cdata('https://wwcdn.example/pic'), MediaId: media() });
    case 'file': return type('file', { MediaId: media(), FileName: cdata(given.name) });
    case 'voice': return type('voice', { MediaId: media(), Format: cdata('amr') });
    case 'video': case 'shortvideo':
      return type(kind, { MediaId: media(), ThumbMediaId: cdata('thumb') });
    case 'location': return type('location', {
      Location_X: '40.4075', Location_Y: '116.6750', Scale: '16', Label: cdata('北京市怀柔区'), AppType: cdata('wxwork'),
    });
    case 'link': return type('link', {
      Title: cdata('通知'), Description: cdata('说明'), Url: cdata('https://example.org/'), PicUrl: cdata(''),
    });
    case 'enter_agent': case 'subscribe': case 'unsubscribe':
      return event(kind, { EventKey: cdata('') });
    case 'click': case 'view': return event(kind, { EventKey: cdata(given.key) });
    case 'LOCATION':
      return event('LOCATION', { Latitude: '40.4', Longitude: '116.6', Precision: '60.0', AppType: cdata('wxwork') });
    case 'template_card_event': case 'template_card_menu_event': return event(kind, {
      EventKey: cdata(given.key),
      TaskId: cdata(given.task),
      CardType: cdata('button_interaction'),
      ResponseCode: cdata(newCode(world, given.task)),
    });
    default: return event(kind, given.rest ?? {});
  }
}

function stored(world, kind, given) {
  const data = Buffer.from(given.data ?? '', 'base64');
  const name = given.name ?? { image: 'photo.jpg', voice: 'voice.amr' }[kind] ?? 'film.mp4';
  return world.keepMedia(kind, name, given.media_type ?? 'application/octet-stream', data);
}

// forge: { token, aes_key, corp_id, timestamp, signature, body } stand in for the true ones.
export function wrapped(world, xml, forge = {}) {
  const keys = { ...world.settings, ...forge };
  const timestamp = String(forge.timestamp ?? now());
  const nonce = id('');
  const inside = encrypt(keys.aes_key, xml, keys.corp_id);
  const signature = forge.signature ?? getSignature(keys.token, timestamp, nonce, inside);
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce });
  const body = forge.body
    ?? `<xml><ToUserName>${cdata(world.settings.corp_id)}</ToUserName><AgentID>${cdata(world.settings.agent_id)}</AgentID><Encrypt>${cdata(inside)}</Encrypt></xml>`;
  return { query, body, inside };
}

export async function bring(world, url, { query, body }, times = 1) {
  const statuses = [];
  let text = '';
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await call('POST', `${url}?${query}`, body);
    statuses.push(answer.status);
    text = answer.text;
    if (answer.status === 200) break;
  }
  for (let more = 1; more < times; more += 1) {
    statuses.push((await call('POST', `${url}?${query}`, body)).status);
  }
  return { statuses, reply: read(world, text), text };
}

export async function verify(world, url, forge = {}) {
  const echo = `echo ${id('')}`;
  const { query, inside } = wrapped(world, echo, forge);
  query.set('echostr', forge.echostr ?? inside);
  const answer = await call('GET', `${url}?${query}`);
  return { status: answer.status, same: answer.text === echo };
}

// A passive answer, checked as WeCom does.
function read(world, text) {
  if (!text) return '';
  const field = (name, from) => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([\\s\\S]*?)(?:\\]\\]>)?</${name}>`).exec(from)?.[1];
  const inside = field('Encrypt', text);
  if (!inside) return '';
  const { token, aes_key, corp_id } = world.settings;
  const expected = getSignature(token, field('TimeStamp', text), field('Nonce', text), inside);
  if (expected !== field('MsgSignature', text)) return 'WRONG SIGNATURE';
  const { message, id: receiver } = decrypt(aes_key, inside);
  return receiver === corp_id ? field('Content', message) : 'WRONG RECEIVER';
}

function call(method, url, body = '') {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) };
    const calling = request(url, { method, headers, timeout: WAIT }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => { text += chunk; });
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    calling.on('timeout', () => calling.destroy());
    calling.on('error', () => resolve({ status: 0, text: '' }));
    calling.end(body);
  });
}
