// One person's conversation: log, composer, outbox and connection put together.

import * as api from "./api.js";
import { attachments } from "./attachments.js";
import { composer, focusBox } from "./composer.js";
import { counter } from "./counter.js";
import { newId } from "./dom.js";
import { listen } from "./connection.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
import { pendingFile, pendingText } from "./pending.js";
import { prepareViewer, view } from "./viewer.js";
import { followLanguage, onLanguage, say } from "./words.js";

const status = document.getElementById("status");
const note = document.getElementById("note");

/**
 * Open the conversation of `owner`, a name for what is stored here. `persistently` repeats a request
 * until the server can be reached; `onSignedOut` is called when the session has ended.
 */
export async function converse(owner, { persistently, onSignedOut }) {
  const log = new Log({ press, view, keepFocus: focusBox });
  const fates = { onChange: drawText, onSent: () => line?.nudge(), onSignedOut: signOut };
  const outbox = new Outbox(owner, fates);
  const files = attachments({ ...fates, onChange: drawFile, onNote: notify });
  const entries = new Map(); // of the outbox, by client id
  let line = null;
  let noteTimer = 0;

  // One may write before the history is there; it waits in the outbox until then.
  outbox.restore();
  prepareViewer({ keepFocus: focusBox });
  const length = counter();
  composer({ onText: (text) => outbox.add(entry({ text })), onFiles: files.add });
  onLanguage(() => {
    for (const one of entries.values()) drawText(one);
    for (const one of files.all()) drawFile(one);
  });

  let first;
  try {
    first = await persistently(() => api.messages(0));
  } catch (error) {
    if (error.status !== 401) throw error;
    signOut();
    return;
  }
  for (const { id } of first.messages) if (id) settle(id);
  log.begin(first.messages);
  log.typing(first.typing);
  for (const message of first.messages) length.follow(message);
  line = listen({ lastSeq: () => log.lastSeq, onFrame, catchUp, onState });
  outbox.open();

  function entry(content) {
    return { id: newId(), at: new Date().toISOString(), ...content };
  }

  function press(message, button) {
    if (log.rests(message.seq)) return;
    outbox.add(entry({ press: button.press, label: button.label, of: message.seq }));
    focusBox();
  }

  function onFrame(frame) {
    if (frame.type === "message") take(frame.message);
    else if (frame.type === "updated") log.update(frame.message);
    else if (frame.type === "typing") log.typing(frame.on);
    else if (frame.type === "error" && frame.id) outbox.refuse(frame.id, frame.text);
  }

  function take(message) {
    if (message.id) settle(message.id);
    const fresh = message.seq > log.lastSeq;
    log.receive(message);
    length.follow(message);
    // One language for both: words in the conversation change it as the control above does.
    if (fresh && message.from !== "me" && message.lang) followLanguage(message.lang);
  }

  /** The server has what was sent under this id. */
  function settle(id) {
    outbox.settle(id);
    files.settle(id);
    entries.delete(id);
    log.drop(id);
  }

  async function catchUp() {
    try {
      const answer = await api.messages(log.changeableFrom);
      for (const message of answer.messages) take(message);
      // Where a socket tells, it is ahead: this answer may have been overtaken on its way.
      if (!line.hears()) log.typing(answer.typing);
    } catch (error) {
      if (error instanceof api.Refused && error.status === 401) signOut();
      throw error;
    }
  }

  function onState(state) {
    status.dataset.state = state;
    status.dataset.say = state;
    status.textContent = say(state);
    if (state === "online") outbox.retryAll();
  }

  function drawText(one) {
    entries.set(one.id, one);
    if (one.of !== undefined) {
      if (one.state === "refused") log.wake(one.of);
      else log.rest(one.of);
    }
    if (one.state === "refused") log.announce(one.reason || say("refused"));
    else if (one.state === "failed" && one.note) log.announce(one.note);
    log.pend(one.id, one.at, pendingText(one, { retry: (id) => outbox.retry(id), discard }));
  }

  function drawFile(one) {
    const node = pendingFile(one, { retry: files.retry, discard });
    const bar = node.querySelector("progress");
    one.onProgress = (share) => bar && (bar.value = share);
    log.pend(one.id, one.at, node);
  }

  function discard(id) {
    const one = entries.get(id);
    if (one?.of !== undefined) log.wake(one.of);
    outbox.settle(id);
    files.discard(id);
    entries.delete(id);
    log.drop(id);
    focusBox();
  }

  /** A short word above the composer, also announced. */
  function notify(words) {
    note.textContent = words;
    note.hidden = false;
    log.announce(words);
    clearTimeout(noteTimer);
    noteTimer = setTimeout(() => (note.hidden = true), 12_000);
  }

  function signOut() {
    line?.close();
    onSignedOut();
  }
}
