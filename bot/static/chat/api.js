// Everything the page asks of the server, see docs/web-protocol.md.

/** The server said no, with words for the user. */
export class Refused extends Error {
  constructor(status, code, text) {
    super(code);
    this.status = status;
    this.text = text;
  }
}

/** No answer, or one that says "later": then with words for the user, and after how many seconds. */
export class Unreachable extends Error {
  constructor(code, text = "", wait = 0) {
    super(code);
    this.text = text;
    this.wait = wait;
  }
}

const PATIENCE_MS = 20_000;
const LATER = new Set([408, 425, 429]);

// With a token of its own a frame neither sends nor receives the cookie that other frames share.
let token = null;
let alone = false;

export function standAlone() {
  alone = true;
}

export function useToken(value) {
  token = value;
}

export function bearer() {
  return token;
}

export const people = () => request("GET", "/api/people");
export const session = () => request("GET", "/api/session");
export const become = (person) => request("POST", "/api/session", { person });
export const useLanguage = (language) => request("PATCH", "/api/session", { language });
export const leave = () => request("DELETE", "/api/session");
export const messages = (after) => request("GET", `/api/messages?after=${after}`);
export const send = (body) => request("POST", "/api/messages", body);

/** A socket for the frames after a sequence number. */
export function events(after) {
  const url = new URL(`/api/events?after=${after}`, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return token === null ? new WebSocket(url) : new WebSocket(url, ["chat", `chat.${token}`]);
}

/** Upload a file; `progress` hears a share from 0 to 1. Returns a promise with `cancel`. */
export function upload(id, file, progress) {
  const call = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    call.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    call.onload = () => {
      const body = parsed(call.responseText);
      if (call.status >= 200 && call.status < 300) resolve(body);
      else reject(failure(call.status, body, call.getResponseHeader("Retry-After")));
    };
    call.onerror = () => reject(new Unreachable("network"));
    call.onabort = () => reject(new Unreachable("cancelled"));
    const form = new FormData();
    form.append("id", id);
    form.append("file", file, file.name);
    call.open("POST", "/api/attachments");
    for (const [name, value] of Object.entries(headers())) call.setRequestHeader(name, value);
    call.send(form);
  });
  done.cancel = () => call.abort();
  return done;
}

function headers() {
  const all = { Accept: "application/json", "X-Requested-With": "chat" };
  if (token !== null) all.Authorization = `Bearer ${token}`;
  return all;
}

async function request(method, path, body) {
  const options = {
    method,
    headers: headers(),
    credentials: alone ? "omit" : "same-origin",
    cache: "no-store",
  };
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  options.signal = patience.signal;
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let answer;
  let text;
  try {
    answer = await fetch(path, options);
    text = await answer.text();
  } catch {
    throw new Unreachable("network");
  } finally {
    clearTimeout(timer);
  }
  if (!answer.ok) {
    throw failure(answer.status, parsed(text), answer.headers.get("Retry-After"));
  }
  return parsed(text);
}

function failure(status, body, wait) {
  const text = String(body?.text ?? "");
  if (LATER.has(status)) return new Unreachable(`status ${status}`, text, Number(wait) || 0);
  if (status >= 500) return new Unreachable(`status ${status}`);
  return new Refused(status, String(body?.error ?? status), text);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
