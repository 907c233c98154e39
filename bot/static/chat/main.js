// The page's start: which of chooser, conversation, or two side by side.

import * as api from "./api.js";
import { welcomeFocus } from "./composer.js";
import { converse } from "./conversation.js";
import { icon } from "./dom.js";
import { choosePerson } from "./people.js";
import { sideBySide } from "./side.js";
import { followViewport } from "./viewport.js";
import {
  chosenLanguage,
  followLanguage,
  label,
  nameOf,
  onLanguage,
  onLanguageChoice,
  pageLanguage,
  say,
  suggestLanguage,
  toggleLanguage,
} from "./words.js";

const SWITCHED = "chat.switched";
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 20_000;

const query = new URLSearchParams(location.search);
const pair = (query.get("side") ?? "").split(",").filter(Boolean);
const as = query.get("as");
const embedded = query.get("embed") === "1";
let people = null; // null outside demo mode

for (const node of document.querySelectorAll("[data-icon]")) node.prepend(icon(node.dataset.icon));
for (const node of document.querySelectorAll(".language")) {
  node.addEventListener("click", toggleLanguage);
}
suggestLanguage();
followViewport();
document.body.classList.toggle("embedded", embedded);
if (pair.length === 2) {
  void sideBySide(pair);
} else {
  void start();
}

async function start() {
  if (document.body.dataset.demo !== undefined) people = await persistently(demoPeople);
  const session = await persistently(as === null ? currentSession : () => ownSession(as));
  if (session !== null) await open(session);
  else if (as !== null) document.body.dataset.view = "nobody";
  else if (people !== null) choose(null);
  else location.replace("/sign-in");
}

async function open(session) {
  followLanguage(session.language);
  const name = () => (document.getElementById("person").textContent = nameOf(session));
  name();
  onLanguage(name);
  onLanguageChoice(speak);
  const control = document.getElementById("switch");
  control.hidden = embedded; // The two side by side are left together.
  if (people === null) {
    control.dataset.label = "leave";
    control.replaceChildren(icon("leave"));
    label(control.parentElement);
  }
  control.onclick = people === null ? leave : () => choose(showChat);
  // Another window became someone else: what is written here must not go out in that name.
  addEventListener("storage", (event) => {
    if (event.key === SWITCHED && as === null) location.reload();
  });
  showChat();
  const owner = String(session.id ?? session.name);
  await converse(owner, { persistently, onSignedOut: signedOut });
}

function showChat() {
  document.body.dataset.view = "chat";
  if (isFirst()) welcomeFocus();
}

/** Of two conversations side by side only the left one takes the focus. */
function isFirst() {
  try {
    return (window.frameElement?.id ?? "frame-0") === "frame-0";
  } catch {
    return true;
  }
}

/** The conversation goes on in the language that was chosen last. */
async function speak(language) {
  try {
    await persistently(() => (language === pageLanguage() ? api.useLanguage(language) : null));
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error; // Signed out: the next request shows it.
  }
}

function choose(onBack) {
  if (onBack === null) suggestLanguage();
  choosePerson(people, { onChoose: become, onBack });
}

async function become(person) {
  if (as !== null) {
    location.assign(`/?as=${encodeURIComponent(person)}`);
    return;
  }
  await persistently(() => begin(person));
  restart();
}

/** A session that speaks the language that was chosen before. */
async function begin(person) {
  const session = await api.become(person);
  const chosen = chosenLanguage();
  if (chosen === null || chosen === session.language) return session;
  if (as !== null) api.useToken(session.token);
  return { ...session, ...(await api.useLanguage(chosen)) };
}

async function leave() {
  await persistently(api.leave);
  restart();
}

function restart() {
  try {
    localStorage.setItem(SWITCHED, String(Date.now()));
  } catch {
    // Other windows then notice at their next request.
  }
  location.assign("/");
}

function signedOut() {
  if (as !== null) {
    forgetToken(as);
    location.reload();
  } else if (people !== null) choose(null);
  else location.replace("/sign-in");
}

async function demoPeople() {
  try {
    return await api.people();
  } catch (error) {
    if (error instanceof api.Refused) return null;
    throw error;
  }
}

async function currentSession() {
  // A browser without a cookie is nobody's, and need not ask to be told so.
  if (api.bearer() === null && document.body.dataset.session === undefined) return null;
  try {
    return await api.session();
  } catch (error) {
    if (error instanceof api.Refused) return null;
    throw error;
  }
}

/** This frame's own session, beside the cookie; its token outlives a reload but not the tab. */
async function ownSession(person) {
  api.standAlone();
  const kept = sessionStorage.getItem(tokenKey(person));
  if (kept !== null) {
    api.useToken(kept);
    const session = await currentSession();
    if (session !== null) return session;
    api.useToken(null);
  }
  try {
    const session = await begin(person);
    api.useToken(session.token);
    sessionStorage.setItem(tokenKey(person), session.token);
    return session;
  } catch (error) {
    if (error instanceof api.Refused) return null;
    throw error;
  }
}

function forgetToken(person) {
  sessionStorage.removeItem(tokenKey(person));
}

function tokenKey(person) {
  return `chat.token.${person}`;
}

/** Until the server can be reached: say so, and try again. */
async function persistently(attempt) {
  for (let pause = FIRST_RETRY_MS; ; pause = Math.min(LAST_RETRY_MS, pause * 2)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof api.Unreachable)) throw error;
      if (document.body.dataset.view === "start") notice("unreachable");
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

function notice(key) {
  document.body.dataset.view = "start";
  const words = document.getElementById("notice");
  words.dataset.say = key;
  words.textContent = say(key);
}
