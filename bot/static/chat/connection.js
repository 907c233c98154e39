// Hearing from the server: a WebSocket that comes back by itself, and polling while it is away.

import * as api from "./api.js";

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;
const HANDSHAKE_MS = 10_000;
const POLL_MS = 3_000;
const POLL_HIDDEN_MS = 20_000;

/**
 * Keep listening until `close` of the returned object is called.
 * `lastSeq()` tells how far we are, `onFrame` hears frames, `catchUp()` asks for what was missed
 * (and throws when that fails), `onState` hears "connecting", "online" or "offline".
 */
export function listen({ lastSeq, onFrame, catchUp, onState }) {
  let socket = null;
  let failures = 0;
  let retryTimer = 0;
  let pollTimer = 0;
  let closed = false;

  function open() {
    clearTimeout(retryTimer);
    if (closed || socket !== null) return;
    const mine = api.events(lastSeq());
    socket = mine;
    const handshake = setTimeout(() => mine.close(), HANDSHAKE_MS);
    mine.onopen = () => {
      clearTimeout(handshake);
      failures = 0;
      clearTimeout(pollTimer);
      // Changes of earlier messages made while we were away are not sent again.
      void refresh();
    };
    mine.onmessage = (event) => onFrame(JSON.parse(event.data));
    mine.onclose = () => {
      clearTimeout(handshake);
      if (socket !== mine) return;
      socket = null;
      if (closed) return;
      failures += 1;
      retryTimer = setTimeout(open, delay(failures));
      void poll();
    };
  }

  /** Whether a socket tells what happens as it happens. */
  function hears() {
    return socket?.readyState === WebSocket.OPEN;
  }

  async function refresh() {
    try {
      await catchUp();
      if (!closed) onState("online");
    } catch {
      if (!closed) onState("offline");
    }
  }

  async function poll() {
    clearTimeout(pollTimer);
    await refresh();
    clearTimeout(pollTimer);
    if (closed || hears()) return;
    pollTimer = setTimeout(poll, document.hidden ? POLL_HIDDEN_MS : POLL_MS);
  }

  function hurry() {
    if (closed || document.hidden) return;
    // A phone that slept may hold a socket that is dead without knowing it.
    if (hears()) void refresh();
    else {
      open();
      void poll();
    }
  }

  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);
  onState("connecting");
  open();

  return {
    hears,
    /** Ask now when no socket would tell us. */
    nudge() {
      if (!hears()) void poll();
    },
    close() {
      closed = true;
      clearTimeout(retryTimer);
      clearTimeout(pollTimer);
      removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
      socket?.close();
    },
  };
}

/** Doubling, with chance, so that after an outage not everyone returns in the same second. */
function delay(failures) {
  const longest = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
  return longest * (0.5 + Math.random() / 2);
}
