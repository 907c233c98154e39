// The conversation on the screen: in the server's order, with what is on its way at the end.

import { day, dayName } from "./dates.js";
import { el } from "./dom.js";
import { messageElement, spoken } from "./message.js";
import { languageTag, onLanguage, say } from "./words.js";

const NEAR_END_PX = 90;
const JOINED_MS = 180_000;
const AT_ONCE = 200;
const ANNOUNCED_MS = 10_000;

export class Log {
  #root = document.getElementById("log");
  #list = document.getElementById("messages");
  #typing = document.getElementById("typing");
  #live = document.getElementById("live");
  #toEnd = document.getElementById("to-end");
  #earlier = document.getElementById("earlier");
  #empty = document.getElementById("empty");
  #shown = []; // confirmed, ordered by seq: {message, node}
  #older = []; // confirmed, not yet drawn
  #bySeq = new Map();
  #pending = new Map(); // by client id: {node, at}
  #pressed = new Set(); // seq of messages whose button was just pressed
  #answer = 0; // seq of the assistant's newest message
  #unread = 0;
  #lookedAt = 0; // seq of the newest pictures that one has gone past
  #atEnd = true;
  #actions;
  #keepFocus;

  constructor({ press, view, keepFocus }) {
    this.#actions = { press, view };
    this.#keepFocus = keepFocus;
    this.#root.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#toEnd.addEventListener("click", () => this.toEnd());
    this.#earlier.addEventListener("click", () => this.#showEarlier());
    new ResizeObserver(() => this.#stick()).observe(this.#root);
    new ResizeObserver(() => this.#stick()).observe(this.#list);
    document.addEventListener("visibilitychange", () => this.#nameDays());
    onLanguage(() => this.#redraw());
  }

  get lastSeq() {
    return this.#shown[this.#shown.length - 1]?.message.seq ?? 0;
  }

  /** From where on earlier messages may still change: the first that has open buttons. */
  get changeableFrom() {
    const open = this.#shown
      .slice(-AT_ONCE)
      .find(({ message }) => message.buttons?.length && !message.used);
    return open === undefined ? this.lastSeq : open.message.seq - 1;
  }

  /** The conversation so far; nothing of it is announced. */
  begin(messages) {
    this.#older = messages.slice(0, -AT_ONCE);
    this.#earlier.hidden = this.#older.length === 0;
    for (const message of messages.slice(-AT_ONCE)) this.#insert(message);
    this.#arrange();
    this.#nameDays();
    this.#toNews();
  }

  /** A message from the server; one that we have is compared and, if it changed, drawn anew. */
  receive(message) {
    const known = this.#bySeq.get(message.seq);
    if (known !== undefined) {
      if (face(known.message) !== face(message)) this.update(message);
      return;
    }
    if (message.from !== "me") this.#release();
    this.#insert(message);
    this.#nameDays();
    if (message.from === "me") return;
    this.#announce(spoken(message), message.lang);
    this.#unread += 1;
    this.#stick();
    this.#showToEnd();
  }

  update(message) {
    const entry = this.#bySeq.get(message.seq);
    if (entry === undefined) return;
    entry.message = message;
    this.#draw(entry);
  }

  /** Whether a button of this message was pressed already. */
  rests(seq) {
    return this.#pressed.has(seq) || this.#bySeq.get(seq)?.message.used === true;
  }

  /** The buttons of a message rest until the server has answered the one that was pressed. */
  rest(seq) {
    // The message may still be on its way here, after a reload.
    this.#pressed.add(seq);
    const entry = this.#bySeq.get(seq);
    if (entry !== undefined) this.#draw(entry);
  }

  wake(seq) {
    const entry = this.#bySeq.get(seq);
    if (this.#pressed.delete(seq) && entry !== undefined) this.#draw(entry);
  }

  /** Show, or show anew, something on its way: `node` stands at the end until `drop(id)`. */
  pend(id, at, node) {
    const before = this.#pending.get(id);
    if (before === undefined) this.#list.append(node);
    else this.#swap(before.node, node);
    this.#pending.set(id, { node, at });
    this.#arrange();
    if (before === undefined) this.toEnd();
  }

  drop(id) {
    const entry = this.#pending.get(id);
    if (entry === undefined) return;
    if (entry.node.contains(document.activeElement)) this.#keepFocus();
    entry.node.remove();
    this.#pending.delete(id);
    for (const line of this.#list.querySelectorAll(".day")) {
      if (!line.nextElementSibling?.classList.contains("message")) line.remove();
    }
    this.#arrange();
  }

  typing(on) {
    this.#typing.hidden = !on;
    this.#stick();
  }

  toEnd() {
    this.#atEnd = true;
    this.#root.scrollTop = this.#root.scrollHeight;
    this.#unread = 0;
    this.#showToEnd();
  }

  announce(words) {
    this.#announce(words, null);
  }

  #insert(message) {
    const entry = { message, node: this.#element(message) };
    let index = this.#shown.length;
    while (index > 0 && this.#shown[index - 1].message.seq > message.seq) index -= 1;
    const next = this.#shown[index]?.node ?? this.#pending.values().next().value?.node ?? null;
    this.#list.insertBefore(entry.node, next);
    this.#shown.splice(index, 0, entry);
    this.#bySeq.set(message.seq, entry);
    this.#age(message);
    this.#arrange(Math.max(0, index - 1));
  }

  #element(message) {
    const node = messageElement(message, this.#actions, this.#pressed.has(message.seq));
    node.dataset.seq = message.seq;
    this.#showAge(message, node);
    return node;
  }

  /** What a new message makes old: links that were the next step. */
  #age({ seq, from }) {
    if (from === "me") return;
    this.#answer = Math.max(this.#answer, seq);
    for (let at = this.#shown.length - 1; at >= 0; at -= 1) {
      const { message, node } = this.#shown[at];
      if (message.buttons?.length) this.#showAge(message, node);
    }
  }

  #showAge({ seq }, node) {
    node.classList.toggle("answered", seq < this.#answer);
  }

  #draw(entry) {
    const node = this.#element(entry.message);
    this.#swap(entry.node, node);
    entry.node = node;
    this.#arrange();
  }

  /** Replace an element; whoever had the focus in it keeps a place to stand. */
  #swap(old, node) {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(node);
    if (focused === null) return;
    const twin = [...node.querySelectorAll("button:not(:disabled)")].find(
      (button) => button.textContent === focused.textContent,
    );
    if (twin === undefined) this.#keepFocus();
    else twin.focus({ preventScroll: true });
  }

  #release() {
    for (const seq of [...this.#pressed]) this.wake(seq);
  }

  /** Day lines, and which messages join the one before: from an index to the end. */
  #arrange(from = Math.max(0, this.#shown.length - 2)) {
    this.#empty.hidden = this.#shown.length + this.#pending.size > 0;
    const rows = [
      ...this.#shown.slice(from).map(({ message, node }) => [node, message.from, message.at]),
      ...[...this.#pending.values()].map(({ node, at }) => [node, "me", at]),
    ];
    let before = from === 0 ? undefined : rows.shift();
    for (const row of rows) {
      const [node, from_, at] = row;
      const newDay = before === undefined || day(before[2]) !== day(at);
      const joined =
        !newDay && before[1] === from_ && new Date(at) - new Date(before[2]) < JOINED_MS;
      node.classList.toggle("joined", joined);
      if (before !== undefined) before[0].classList.toggle("followed", joined);
      this.#dayLine(node, newDay ? day(at) : null);
      before = row;
    }
    before?.[0].classList.remove("followed");
  }

  #dayLine(node, key) {
    const above = node.previousElementSibling;
    const line = above?.classList.contains("day") ? above : null;
    if (line !== null && line.dataset.day !== key) line.remove();
    if (key === null || line?.dataset.day === key) return;
    const fresh = el("div", { class: "day" }, el("span", {}, dayName(key)));
    fresh.dataset.day = key;
    node.before(fresh);
  }

  #nameDays() {
    for (const line of this.#list.querySelectorAll(".day")) {
      line.firstChild.textContent = dayName(line.dataset.day);
    }
  }

  #showEarlier() {
    const height = this.#root.scrollHeight;
    const batch = this.#older.splice(-AT_ONCE);
    const entries = batch.map((message) => ({ message, node: this.#element(message) }));
    this.#list.prepend(...entries.map(({ node }) => node));
    for (const entry of entries) this.#bySeq.set(entry.message.seq, entry);
    this.#shown.unshift(...entries);
    this.#arrange(0);
    this.#earlier.hidden = this.#older.length === 0;
    this.#root.scrollTop += this.#root.scrollHeight - height;
    if (this.#earlier.hidden) this.#keepFocus();
  }

  #redraw() {
    for (const entry of this.#shown) {
      const node = this.#element(entry.message);
      entry.node.replaceWith(node);
      entry.node = node;
    }
    for (const line of this.#list.querySelectorAll(".day")) line.remove();
    this.#arrange(0);
    this.#showToEnd();
    this.#stick();
  }

  #announce(words, lang) {
    const line = el("p", { lang: lang ? languageTag(lang) : null }, words);
    this.#live.append(line);
    setTimeout(() => line.remove(), ANNOUNCED_MS);
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#root;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.#atEnd) {
      this.#unread = 0;
      const { seq, above } = this.#newPictures();
      if (above > 0) this.#lookedAt = seq;
    }
    this.#showToEnd();
  }

  #stick() {
    if (this.#atEnd) this.#toNews();
  }

  /** To the end, but not past pictures that one has just been shown and is to look at. */
  #toNews() {
    this.toEnd();
    const { above } = this.#newPictures();
    if (above > 0 && this.#pending.size === 0) this.#root.scrollTop -= above;
  }

  /** Pictures in the answer to what one said last, until one has gone past them: how far above they are. */
  #newPictures() {
    const last = this.#shown.findLastIndex(({ message }) => message.from === "me");
    const found = this.#shown
      .slice(last + 1)
      .find(({ message }) => message.pictures?.length && message.seq > this.#lookedAt);
    if (found === undefined) return { seq: 0, above: 0 };
    const above = this.#root.getBoundingClientRect().top - found.node.getBoundingClientRect().top;
    return { seq: found.message.seq, above };
  }

  #showToEnd() {
    this.#toEnd.hidden = this.#atEnd;
    const count = this.#toEnd.querySelector("span");
    count.hidden = this.#unread === 0;
    count.textContent = this.#unread > 99 ? "99+" : String(this.#unread);
    const words =
      this.#unread === 0
        ? say("toEnd")
        : this.#unread === 1
          ? say("newMessage")
          : say("newMessages", this.#unread);
    this.#toEnd.setAttribute("aria-label", words);
    this.#toEnd.title = words;
  }
}

/** What a reader sees of a message; addresses of files are renewed with every answer. */
function face({ text, card, buttons, used, closed, files, pictures }) {
  return JSON.stringify([text, card, buttons, used, closed, files?.length, pictures?.length]);
}
