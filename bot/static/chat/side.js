// Two conversations in one window; each frame signs in for itself, with a token instead of the cookie.

import * as api from "./api.js";
import { el } from "./dom.js";
import { followLanguage, onLanguage, say } from "./words.js";

export async function sideBySide(ids) {
  document.body.dataset.view = "side";
  const frames = document.getElementById("frames");
  const tabs = document.getElementById("side-tabs");
  const names = await namesOf(ids);
  const parts = ids.map((id, index) => {
    const address = `/?as=${encodeURIComponent(id)}&embed=1`;
    const frame = el("iframe", { src: address, id: `frame-${index}` });
    const name = el("span", {}, names[index]);
    const news = el("span", { class: "news", hidden: true }, el("span", { class: "unseen" }));
    const tab = el("button", { type: "button", "aria-controls": frame.id }, name, news);
    tab.addEventListener("click", () => show(index));
    frame.addEventListener("load", () => watch(index, frame, name, news));
    return { frame, tab, news };
  });
  frames.append(...parts.map(({ frame }) => frame));
  tabs.append(...parts.map(({ tab }) => tab));

  /** The bar above speaks as the conversation in front. */
  function follow({ frame }) {
    const inside = frame.contentDocument?.documentElement;
    if (frame.classList.contains("front") && inside?.lang) followLanguage(inside.lang);
  }

  // On a narrow screen one of the two is in front.
  function show(front) {
    parts.forEach(({ frame, tab, news }, index) => {
      frame.classList.toggle("front", index === front);
      if (index === front) news.hidden = true;
      tab.setAttribute("aria-pressed", String(index === front));
    });
    follow(parts[front]);
  }

  /** A new message behind is marked on its tab; the name is the one its session has. */
  function watch(index, frame, name, news) {
    const inside = frame.contentDocument;
    const person = inside.getElementById("person");
    const rename = () => {
      if (person.textContent === "") return;
      name.textContent = person.textContent;
      names[index] = person.textContent;
      title();
    };
    rename();
    follow(parts[index]);
    new MutationObserver(() => follow(parts[index])).observe(inside.documentElement, {
      attributeFilter: ["lang"],
    });
    new MutationObserver(rename).observe(person, { childList: true });
    new MutationObserver(([change]) => {
      const behind = frame.offsetParent === null;
      if (behind && change.addedNodes.length) news.hidden = false;
    }).observe(inside.getElementById("live"), { childList: true });
  }

  function title() {
    parts.forEach(({ frame, news }, index) => {
      frame.title = say("chatOf", names[index]);
      news.firstChild.textContent = say("news");
    });
  }

  show(0);
  title();
  onLanguage(title);
}

async function namesOf(ids) {
  try {
    const people = await api.people();
    return ids.map((id) => people.find((person) => person.id === id)?.name ?? id);
  } catch {
    return ids;
  }
}
