// node simulator.mjs '{"corp_id":…,"agent_id":…,"secret":…,"token":…,"aes_key":…}'
// Prints its port. /cgi-bin is the API as its documentation describes it; /_control is for tests.
import { createServer } from 'node:http';
import { bring, verify, wrapped, xmlOf } from './callbacks.mjs';
import { now, setTime } from './clock.mjs';
import { send, update } from './messages.mjs';
import { fileIn } from './multipart.mjs';
import { Refusal, World, id } from './world.mjs';

const world = new World(JSON.parse(process.argv[2]));

const API = {
  'GET /cgi-bin/user/list': (query) => world.userList(query),
  'GET /cgi-bin/user/get': (query) => world.userGet(query),
  'GET /cgi-bin/agent/get': (query) => world.agentGet(query),
  'GET /cgi-bin/auth/getuserinfo': (query) => world.userInfo(query),
  'POST /cgi-bin/message/send': (_, body) => send(world, body),
  'POST /cgi-bin/message/update_template_card': (_, body) => update(world, body),
  'POST /cgi-bin/menu/create': (query, body) => world.menuCreate(query, body),
};

const CONTROL = {
  time: ({ at }) => { setTime(at); return { now: now() }; },
  member: ({ userid, name = userid, extattr = null, visible = true }) => {
    const known = world.member(userid) ?? { phone: [], sendings: [] };
    world.members.set(userid, { ...known, userid, name, extattr, visible });
    return {};
  },
  phone: ({ userid }) => ({ messages: world.member(userid)?.phone ?? [] }),
  does: async ({ url, userid, kind, forge, times, again, ...given }) => {
    const packet = again ? world.last : wrapped(world, given.xml ?? xmlOf(world, userid, kind, given), forge);
    world.last = packet;
    const answer = await bring(world, url, packet, times);
    show(world.member(userid), answer.reply);
    return answer;
  },
  verify: ({ url, forge }) => verify(world, url, forge),
  expire_token: () => { world.accessToken.until = now() - 1; return {}; },
  replace_token: () => { world.accessToken = { value: id('token-'), until: now() + 7200 }; return {}; },
  agent: (how) => { Object.assign(world.agent, how); return {}; },
  misbehave: (how) => { world.misbehaviour.push({ times: 1, ...how }); return {}; },
  flood: (rates) => { Object.assign(world.flood, rates); return {}; },
  forget_media: () => { world.media.clear(); return {}; },
  calls: () => ({ calls: world.calls, dropped: world.dropped, shown: world.sent.length, menu: world.menu }),
};

// A passive answer is read on the phone like any other; a wrong one is not shown.
function show(member, reply) {
  if (!member || !reply || reply.startsWith('WRONG')) return;
  const text = reply.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  member.phone.push({ kind: 'text', text, at: now(), passive: true });
}

function misbehaviourFor(path) {
  const found = world.misbehaviour.find((one) => one.times > 0 && path.startsWith(one.path));
  if (found) found.times -= 1;
  return found ?? {};
}

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function reply(response, body, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify(body));
}

async function api(request, response, url) {
  const path = url.pathname;
  const query = Object.fromEntries(url.searchParams);
  const body = await readBody(request);
  world.calls.push(path);
  const how = misbehaviourFor(path);
  if (how.delay) await pause(how.delay);
  if (how.status) return reply(response, { message: 'gateway' }, how.status);
  if (how.text) return response.end(how.text);
  if (how.reset) return request.socket.destroy();
  if (how.errcode !== undefined) throw new Refusal(how.errcode, 'misbehaving');
  const answer = await called(request, response, path, query, body);
  if (how.lost) return request.socket.destroy(); // it was done, and nobody is told
  return answer === null ? null : reply(response, { errcode: 0, errmsg: 'ok', ...answer });
}

async function called(request, response, path, query, body) {
  if (path === '/cgi-bin/gettoken') return world.getToken(query);
  world.checkToken(query.access_token);
  if (path === '/cgi-bin/media/upload') {
    return world.upload(query.type, fileIn(request.headers['content-type'], body));
  }
  if (path === '/cgi-bin/media/get') {
    const media = world.mediaOf(query.media_id);
    response.writeHead(200, {
      'content-type': media.mediaType,
      'content-length': media.data.length,
      'content-disposition': `attachment; filename*=utf-8''${encodeURIComponent(media.name)}`,
    });
    response.end(media.data);
    return null;
  }
  const handler = API[`${request.method} ${path}`];
  if (!handler) throw new Refusal(40058, 'unknown call');
  return handler(query, body.length ? JSON.parse(body) : {});
}

// The page on which WeCom asks the browser who it is; "as" stands for whoever holds the phone.
function authorize(response, url) {
  const query = Object.fromEntries(url.searchParams);
  if (query.appid !== world.settings.corp_id) return reply(response, { error: 'appid' }, 400);
  const code = id('oauth-');
  world.oauth.set(code, { userid: query.as, until: now() + 300 });
  const back = new URL(query.redirect_uri);
  back.searchParams.set('code', code);
  back.searchParams.set('state', query.state);
  response.writeHead(302, { location: back.toString() });
  return response.end();
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  try {
    if (url.pathname.startsWith('/_control/')) {
      const asked = JSON.parse((await readBody(request)).toString() || '{}');
      reply(response, await CONTROL[url.pathname.slice('/_control/'.length)](asked));
    } else if (url.pathname === '/connect/oauth2/authorize') {
      authorize(response, url);
    } else {
      await api(request, response, url);
    }
  } catch (error) {
    if (error instanceof Refusal) reply(response, { errcode: error.errcode, errmsg: error.message });
    else reply(response, { error: String(error?.stack ?? error) }, 500);
  }
});

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
