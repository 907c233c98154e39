// Sending files: chosen, pasted or dropped; the size is checked before anything is uploaded.

import * as api from "./api.js";
import { fileSize, newId } from "./dom.js";
import { say } from "./words.js";

const LIMIT_BYTES = 20 * 1024 * 1024;

/** `onChange(entry)` hears every step of an entry; `onNote(words)` what could not be sent at all. */
export function attachments({ onChange, onSent, onNote, onSignedOut }) {
  const entries = new Map();
  const queue = [];
  let busy = false;

  function add(files) {
    for (const file of files) {
      if (file.size > LIMIT_BYTES) onNote(say("tooLarge", file.name, fileSize(file.size)));
      else if (file.size === 0) onNote(say("emptyFile", file.name));
      else {
        const entry = { id: newId(), at: new Date().toISOString(), file, share: 0 };
        entries.set(entry.id, entry);
        enqueue(entry);
      }
    }
  }

  function enqueue(entry) {
    entry.state = "sending";
    entry.share = 0;
    queue.push(entry);
    onChange(entry);
    void work();
  }

  /** One after the other: on a phone's line two at once are slower and may overtake each other. */
  async function work() {
    if (busy) return;
    busy = true;
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      if (entries.has(entry.id)) await send(entry);
    }
    busy = false;
  }

  async function send(entry) {
    try {
      entry.upload = api.upload(entry.id, entry.file, (share) => {
        entry.share = share;
        entry.onProgress?.(share);
      });
      await entry.upload;
      entry.state = "sent";
      onSent();
    } catch (error) {
      const refused = error instanceof api.Refused;
      if (refused && error.status === 401) onSignedOut();
      entry.state = refused ? "refused" : "failed";
      entry.reason = error.text;
    }
    // Cancelled, or the echo came before the answer to the request.
    if (entries.has(entry.id)) onChange(entry);
  }

  return {
    add,
    has: (id) => entries.has(id),
    all: () => entries.values(),
    retry: (id) => enqueue(entries.get(id)),
    settle: (id) => entries.delete(id),
    discard(id) {
      const entry = entries.get(id);
      entries.delete(id);
      if (entry?.state === "sending") entry.upload?.cancel();
    },
  };
}
