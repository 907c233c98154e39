// The way from the payment back to the page one came from, which need not be "/".

import { ownUrl } from "./dom.js";

const KEPT = "chat.way-back";

/** Called before leaving: remembers the page in this window, for this window. */
export function keepWayBack() {
  try {
    sessionStorage.setItem(KEPT, top.location.pathname + top.location.search);
  } catch {
    // Without storage, or inside a stranger's frame, the link leads to "/" as the server wrote it.
  }
}

/** Lead the links back to the chat to where one came from. */
export function leadBack() {
  let kept = null;
  try {
    kept = sessionStorage.getItem(KEPT);
  } catch {
    return;
  }
  if (kept === null || ownUrl(kept) === null) return;
  for (const link of document.querySelectorAll("a[data-way-back]")) link.href = kept;
}
