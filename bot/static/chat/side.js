// Two conversations in one window; each frame signs in for itself, with a token instead of the cookie.

import * as api from "./api.js";
import { el } from "./dom.js";
import { onLanguage, say } from "./words.js";

export async function sideBySide(ids) {
  document.body.dataset.view = "side";
  const frames = document.getElementById("frames");
  const tabs = document.getElementById("side-tabs");
  const names = await namesOf(ids);
  const parts = ids.map((id, index) => {
    const address = `/?as=${encodeURIComponent(id)}&embed=1`;
    const frame = el("iframe", { src: address, id: `frame-${index}` });
    const tab = el("button", { type: "button", "aria-controls": frame.id }, names[index]);
    tab.addEventListener("click", () => show(index));
    return { frame, tab };
  });
  frames.append(...parts.map(({ frame }) => frame));
  tabs.append(...parts.map(({ tab }) => tab));

  // On a narrow screen one of the two is in front.
  function show(front) {
    parts.forEach(({ frame, tab }, index) => {
      frame.classList.toggle("front", index === front);
      tab.setAttribute("aria-pressed", String(index === front));
    });
  }

  function title() {
    parts.forEach(({ frame }, index) => (frame.title = say("chatOf", names[index])));
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
