// A message of mine that the server has not sent back yet.

import { el, fileSize, icon } from "./dom.js";
import { messageElement, stamp } from "./message.js";
import { say } from "./words.js";

/** For an entry of the outbox; `actions` are `retry(id)` and `discard(id)`. */
export function pendingText(entry, actions) {
  const node = messageElement({ from: "me", at: entry.at, text: entry.text ?? entry.label }, {});
  node.classList.add("pending");
  node.querySelector(".meta").replaceWith(state(entry, actions));
  return node;
}

/** For a file on its way: `{id, at, file, state, share}`. */
export function pendingFile(entry, actions) {
  const { file } = entry;
  const bar = el("progress", { max: 1, value: entry.share, "aria-label": file.name });
  const going = entry.state === "sending";
  const body = el(
    "div",
    { class: "bubble" },
    el("span", { class: "unseen" }, `${say("me")}: `),
    el(
      "div",
      { class: "file" },
      icon("file"),
      el(
        "span",
        { class: "details" },
        el("span", { class: "name" }, file.name),
        el("span", { class: "size" }, fileSize(file.size)),
      ),
    ),
    going ? bar : null,
  );
  return el("article", { class: "message mine pending" }, body, state(entry, actions));
}

function state(entry, actions) {
  const meta = el("div", { class: "meta" });
  if (entry.state === "failed" || entry.state === "refused") {
    meta.classList.add("unsent");
    const why = entry.reason || entry.note || (entry.state === "refused" ? say("refused") : "");
    if (why) meta.append(el("span", { class: "reason" }, why));
    meta.append(
      el("button", { type: "button", onclick: () => actions.retry(entry.id) }, say("notSent")),
      el("button", { type: "button", onclick: () => actions.discard(entry.id) }, say("discard")),
    );
    return meta;
  }
  meta.append(stamp(entry.at));
  if (entry.state !== "sent") meta.append(el("span", {}, say("sending")));
  if (entry.file && entry.state === "sending") {
    meta.append(
      el("button", { type: "button", onclick: () => actions.discard(entry.id) }, say("cancel")),
    );
  }
  return meta;
}
