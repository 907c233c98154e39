// One message as an element of the log.

import { time } from "./dates.js";
import { el, fileSize, icon, ownUrl, safeUrl } from "./dom.js";
import { linked, unbroken } from "./links.js";
import { keepWayBack } from "./way-back.js";
import { languageTag, say } from "./words.js";

// Longer texts are shown folded.
const FOLD_CHARACTERS = 900;
const FOLD_LINES = 18;

/**
 * The element for a Message of the protocol. `actions` are `press(message, button)`,
 * `view(pictures, index)`; `waiting` is true while a pressed button is on its way.
 */
export function messageElement(message, actions, waiting) {
  const mine = message.from === "me";
  const lang = message.lang ? languageTag(message.lang) : null;
  const body = el("div", { class: "bubble", lang });
  body.append(el("span", { class: "unseen" }, `${say(mine ? "me" : "assistant")}: `));
  if (message.text) body.append(...textParts(message.text));
  if (message.card) body.append(card(message.card));
  if (message.pictures?.length) body.append(pictures(message.pictures, actions));
  for (const file of message.files ?? []) body.append(fileCard(file));
  const article = el("article", { class: `message ${mine ? "mine" : "theirs"}` }, body);
  if (message.closed) body.append(el("p", { class: "closed" }, message.closed));
  else if (choicesOf(message).length) article.append(buttons(message, actions, waiting, lang));
  article.append(el("div", { class: "meta" }, stamp(message.at)));
  return article;
}

/**
 * What a screen reader should hear of a new message: all of it, once. Whoever listens may type a number
 * instead of looking for the button; on the screen, where it can be pressed, there is none.
 */
export function spoken(message) {
  const parts = [message.text];
  if (message.card) {
    parts.push(message.card.title, ...message.card.rows.map(([name, value]) => `${name}: ${value}`));
  }
  parts.push(...(message.pictures ?? []).map((picture) => picture.alt));
  parts.push(...(message.files ?? []).map((file) => `${file.name}, ${fileSize(file.size)}`));
  const choices = choicesOf(message).map(({ n, label }) => (n ? `${n} ${label}` : label));
  if (message.closed) parts.push(message.closed);
  else if (choices.length && !message.used) parts.push(`${say("choices")}: ${choices.join(", ")}`);
  return parts.filter(Boolean).join("\n");
}

export function stamp(at) {
  return el("time", { datetime: at }, time(at));
}

function textParts(text) {
  const paragraph = el("div", { class: "text" }, linked(text));
  const long = text.length > FOLD_CHARACTERS || text.split("\n", FOLD_LINES + 1).length > FOLD_LINES;
  if (!long) return [paragraph];
  paragraph.classList.add("folded");
  const more = el("button", { type: "button", class: "fold", "aria-expanded": "false" });
  more.textContent = say("showAll");
  more.addEventListener("click", () => {
    const folded = paragraph.classList.toggle("folded");
    more.setAttribute("aria-expanded", String(!folded));
    more.textContent = say(folded ? "showAll" : "showLess");
    if (folded) paragraph.closest(".message").scrollIntoView({ block: "nearest" });
  });
  return [paragraph, more];
}

function card({ title, rows }) {
  const list = el("dl");
  for (const [name, value] of rows) {
    const term = el("dt", {}, ...unbroken(String(name)));
    list.append(el("div", {}, term, el("dd", {}, linked(String(value)))));
  }
  return el("section", { class: "card" }, el("h3", {}, title), list);
}

function buttons(message, actions, waiting, lang) {
  const group = el("div", { class: "buttons", role: "group", "aria-label": say("choices"), lang });
  for (const button of choicesOf(message)) {
    const kind = ["primary", "danger"].includes(button.style) ? button.style : "plain";
    group.append(
      button.url === undefined || button.url === null
        ? pressButton(message, button, kind, actions, message.used || waiting)
        : linkButton(button, kind),
    );
  }
  return group;
}

/** The page has a control for the language at its top: among other buttons a second one is not shown. */
function choicesOf(message) {
  const buttons = message.buttons ?? [];
  const others = buttons.filter((button) => !button.language);
  return others.length > 0 ? others : buttons;
}

function pressButton(message, button, kind, actions, disabled) {
  const node = el("button", { type: "button", class: `choice ${kind}`, disabled });
  node.append(el("span", {}, button.label));
  node.dataset.press = button.press;
  node.addEventListener("click", (event) => actions.press(message, button, event));
  return node;
}

function linkButton(button, kind) {
  const href = safeUrl(button.url);
  if (href === null) return el("span", { class: "choice plain" }, button.label);
  if (isCheckout(href)) {
    // One conversation in one window: out of a frame, and afterwards back to where it was.
    const pay = el("a", { class: `choice ${kind}`, href, target: "_top" }, button.label);
    pay.addEventListener("click", keepWayBack);
    return pay;
  }
  return el(
    "a",
    { class: `choice ${kind}`, href, target: "_blank", rel: "noopener" },
    button.label,
    icon("open"),
    el("span", { class: "unseen" }, say("newWindow")),
  );
}

function isCheckout(href) {
  return ownUrl(href) !== null && new URL(href).pathname.startsWith("/checkout/");
}

function pictures(list, actions) {
  const strip = el("div", { class: "pictures", role: "group", "aria-label": say("pictures") });
  const shown = list.filter((picture) => ownUrl(picture.url) !== null);
  shown.forEach((picture, index) => {
    const image = el("img", {
      src: ownUrl(picture.url),
      alt: "",
      width: picture.width,
      height: picture.height,
      decoding: "async",
    });
    const thumb = el(
      "button",
      { type: "button", class: "thumb", "aria-label": say("enlarge", picture.alt) },
      image,
    );
    image.addEventListener("error", () => {
      thumb.replaceWith(el("p", { class: "lost" }, say("pictureGone")));
    });
    thumb.addEventListener("click", () => actions.view(shown, index));
    strip.append(thumb);
  });
  return strip;
}

function fileCard({ url, name, size }) {
  const href = ownUrl(url);
  const details = el(
    "span",
    { class: "details" },
    el("span", { class: "name" }, ...nameParts(name)),
    el("span", { class: "size" }, `${suffix(name)}${fileSize(size)}`),
  );
  if (href === null) return el("div", { class: "file" }, icon("file"), details);
  return el(
    "a",
    { class: "file", href, download: name, "aria-label": say("downloadFile", name, fileSize(size)) },
    icon("file"),
    details,
    icon("download"),
  );
}

/** Where a name may be broken: after hyphens and dots, but never within a number like T261122-0009. */
function nameParts(name) {
  const parts = name.match(/[^-_.]+(?:-\d+)*(?:\.\w{1,5}$|[-_.]*)|[-_.]+/g) ?? [];
  return parts.map((part) => el("span", {}, part));
}

/** "PDF · " */
function suffix(name) {
  const match = name.match(/\.([A-Za-z0-9]{1,5})$/);
  return match === null ? "" : `${match[1].toUpperCase()} · `;
}
