// What there is on WeCom's side: members with their phones, tokens, media, cards, menus, codes.
import { randomBytes } from 'node:crypto';
import { now } from './clock.mjs';

export const DAY = 24 * 3600;
export const id = (prefix) => `${prefix}${randomBytes(12).toString('hex')}`;

export class Refusal extends Error {
  constructor(errcode, errmsg) {
    super(errmsg);
    this.errcode = errcode;
  }
}

export class World {
  constructor(settings) {
    this.settings = settings; // corp_id, agent_id, secret, token, aes_key
    this.members = new Map();
    this.media = new Map();
    this.codes = new Map(); // of cards
    this.tasks = new Map();
    this.oauth = new Map();
    this.menu = null;
    this.agent = {
      name: '教务助手',
      close: 0,
      redirect_domain: 'registrar.example.edu.cn',
      allow_userinfos: { user: [] },
      allow_partys: { partyid: [1] },
      allow_tags: { tagid: [] },
    };
    this.accessToken = null;
    this.misbehaviour = [];
    this.calls = [];
    this.sent = []; // every message that was shown
    this.dropped = [];
    this.flood = { member: null, all: null };
    this.messageCalls = []; // when
    this.messages = 0;
  }

  member(userid) {
    for (const one of this.members.values()) {
      if (one.userid.toLowerCase() === String(userid).toLowerCase()) return one;
    }
    return null;
  }

  // --- tokens -------------------------------------------------------------------------------

  getToken({ corpid, corpsecret }) {
    if (corpid !== this.settings.corp_id) throw new Refusal(40013, 'invalid corpid');
    if (corpsecret !== this.settings.secret) throw new Refusal(40001, 'invalid credential');
    if (!this.accessToken || this.accessToken.until <= now()) {
      this.accessToken = { value: id('token-'), until: now() + 7200 };
    }
    return { access_token: this.accessToken.value, expires_in: this.accessToken.until - now() };
  }

  checkToken(token) {
    if (!token) throw new Refusal(41001, 'access_token missing');
    if (!this.accessToken || token !== this.accessToken.value) {
      throw new Refusal(40014, 'invalid access_token');
    }
    if (this.accessToken.until <= now()) throw new Refusal(42001, 'access_token expired');
  }

  // --- media --------------------------------------------------------------------------------

  keepMedia(type, name, mediaType, data) {
    const media = { id: id('media-'), type, name, mediaType, data, until: now() + 3 * DAY };
    this.media.set(media.id, media);
    return media;
  }

  mediaOf(mediaId) {
    const media = this.media.get(mediaId);
    if (!media || media.until <= now()) throw new Refusal(40007, 'invalid media_id');
    return media;
  }

  upload(type, file) {
    if (!['image', 'file', 'voice', 'video'].includes(type)) throw new Refusal(40005, 'invalid type');
    if (!file || file.data.length === 0) throw new Refusal(44001, 'empty media data');
    const most = { image: 10, file: 20, voice: 2, video: 10 }[type] * 1024 * 1024;
    if (file.data.length <= 5 || file.data.length > most) throw new Refusal(40006, 'invalid file size');
    if (type === 'image' && !/\.(jpe?g|png)$/i.test(file.name)) {
      throw new Refusal(40004, 'invalid media type');
    }
    const media = this.keepMedia(type, file.name, file.mediaType, file.data);
    return { type, media_id: media.id, created_at: String(now()) };
  }

  // --- directory and sign-in ----------------------------------------------------------------

  userList() {
    return { userlist: [...this.members.values()].filter((one) => one.visible).map(described) };
  }

  userGet({ userid }) {
    const member = this.member(userid);
    if (!member) throw new Refusal(60111, 'userid not found');
    return described(member);
  }

  agentGet({ agentid }) {
    this.checkAgent(agentid);
    return { agentid: this.settings.agent_id, ...this.agent };
  }

  userInfo({ code }) {
    const found = this.oauth.get(code);
    this.oauth.delete(code);
    if (!found) throw new Refusal(40029, 'invalid code');
    if (found.until <= now()) throw new Refusal(42003, 'code expired');
    return this.member(found.userid) ? { userid: found.userid } : { openid: `guest-${found.userid}` };
  }

  // --- menu ---------------------------------------------------------------------------------

  menuCreate({ agentid }, { button }) {
    this.checkAgent(agentid);
    const fits = (text, most) => typeof text === 'string' && text && Buffer.byteLength(text) <= most;
    if (!Array.isArray(button) || button.length < 1 || button.length > 3) {
      throw new Refusal(40016, 'invalid button size');
    }
    for (const one of button) {
      if (!fits(one.name, 16)) throw new Refusal(40018, 'invalid button name size');
      const inner = one.sub_button ?? [];
      if (inner.length > 5) throw new Refusal(40023, 'invalid sub button size');
      for (const leaf of inner.length ? inner : [one]) {
        if (!fits(leaf.name, inner.length ? 40 : 16)) throw new Refusal(40025, 'invalid sub button name');
        if (leaf.type === 'click' && !fits(leaf.key, 128)) throw new Refusal(40019, 'invalid button key size');
      }
    }
    this.menu = button;
    return {};
  }

  checkAgent(agentid) {
    if (Number(agentid) !== this.settings.agent_id) throw new Refusal(40056, 'invalid agentid');
  }
}

const described = ({ userid, name, extattr }) => ({ userid, name, department: [1], ...(extattr && { extattr }) });
