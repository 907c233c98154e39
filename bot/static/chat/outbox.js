// What was said and is not yet safe with the server: kept over reloads, sent again with the same id.

import * as api from "./api.js";

const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;

/**
 * Entries are `{id, at, text}` or `{id, at, press, label, of}` with a `state`: "waiting", "sending",
 * "sent" (safe, not yet echoed), "failed" (sent again by itself; `note` says why, where the server
 * has said so) or "refused" (with `reason`).
 */
export class Outbox {
  #prefix;
  #entries = [];
  #onChange;
  #onSignedOut;
  #onSent;
  #opened = false;
  #running = false;
  #failures = 0;
  #timer = 0;

  constructor(owner, { onChange, onSent, onSignedOut }) {
    this.#prefix = `chat.unsent.${owner}.`;
    this.#onChange = onChange;
    this.#onSent = onSent;
    this.#onSignedOut = onSignedOut;
  }

  /** What an earlier visit left, oldest first. */
  restore() {
    for (const entry of stored(this.#prefix)) {
      entry.state = entry.reason === undefined ? "waiting" : "refused";
      this.#entries.push(entry);
      this.#onChange(entry);
    }
  }

  add(entry) {
    entry.state = "waiting";
    this.#entries.push(entry);
    this.#keep(entry);
    this.#onChange(entry);
    void this.run();
  }

  /** The server has it (`id` came back in a message or an "accepted" frame). */
  settle(id) {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    this.#forget(id);
  }

  refuse(id, reason) {
    const entry = this.#entries.find((one) => one.id === id);
    if (entry === undefined) return;
    entry.reason = reason;
    this.#keep(entry);
    this.#become(entry, "refused");
  }

  retry(id) {
    const entry = this.#entries.find((one) => one.id === id);
    if (entry?.state === "refused") {
      delete entry.reason;
      this.#become(entry, "waiting");
    }
    this.retryAll();
  }

  /** The way is open again: everything that failed goes out, in order. */
  retryAll() {
    clearTimeout(this.#timer);
    for (const entry of this.#entries) {
      if (entry.state === "failed") this.#become(entry, "waiting");
    }
    void this.run();
  }

  /** From now on things are sent: what the server has already is known. */
  open() {
    this.#opened = true;
    void this.run();
  }

  async run() {
    if (this.#running || !this.#opened) return;
    this.#running = true;
    try {
      for (let entry = this.#next(); entry !== undefined; entry = this.#next()) {
        this.#become(entry, "sending");
        await this.#send(entry);
      }
    } finally {
      this.#running = false;
    }
  }

  async #send(entry) {
    const { id, text, press } = entry;
    try {
      await api.send(press === undefined ? { id, text } : { id, press });
      this.#failures = 0;
      this.#forget(id);
      this.#become(entry, "sent");
      this.#onSent();
    } catch (error) {
      if (error instanceof api.Refused && error.status === 401) {
        this.#become(entry, "failed");
        this.#onSignedOut();
      } else if (error instanceof api.Refused) {
        this.refuse(id, error.text);
      } else {
        entry.note = error.text;
        this.#failLater(error.wait * 1000);
      }
    }
  }

  /** Order is kept: when one cannot go, those behind it wait with it. */
  #failLater(asked) {
    for (const entry of this.#entries) {
      if (entry.state === "sending" || entry.state === "waiting") this.#become(entry, "failed");
    }
    const pause = asked || Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.retryAll(), pause);
  }

  /** Nothing goes past one that could not go. */
  #next() {
    const first = this.#entries.find(({ state }) => state === "waiting" || state === "failed");
    return first?.state === "waiting" ? first : undefined;
  }

  #become(entry, state) {
    // The echo may have come before the answer to the request: then there is nothing left to show.
    if (!this.#entries.includes(entry)) return;
    entry.state = state;
    this.#onChange(entry);
  }

  #keep({ state: _, note: __, ...entry }) {
    try {
      localStorage.setItem(this.#prefix + entry.id, JSON.stringify(entry));
    } catch {
      // Full or closed storage: it is still sent while the page is open.
    }
  }

  #forget(id) {
    try {
      localStorage.removeItem(this.#prefix + id);
    } catch {
      // Never stored, then.
    }
  }
}

/** One key for each entry, so that two windows do not overwrite each other's. */
function stored(prefix) {
  const found = [];
  try {
    for (let index = 0; index < localStorage.length; index += 1) {
      const key = localStorage.key(index);
      if (key.startsWith(prefix)) found.push(JSON.parse(localStorage.getItem(key)));
    }
  } catch {
    return [];
  }
  return found.sort((one, other) => one.at.localeCompare(other.at));
}
