// Demo mode: choosing who one is.

import { el, icon } from "./dom.js";
import { onLanguage, pageLanguage, say } from "./words.js";

const section = document.getElementById("people");
const list = document.getElementById("people-list");
const side = document.getElementById("side-form");

/** Show the chooser; `onChoose(id)`; `onBack` is null when there is no conversation to return to. */
export function choosePerson(people, { onChoose, onBack }) {
  document.body.dataset.view = "people";
  list.replaceChildren(...people.map((person, index) => personButton(person, index, onChoose)));
  const back = document.getElementById("people-back");
  back.hidden = onBack === null;
  back.onclick = onBack;
  section.onkeydown = (event) => {
    if (event.key === "Escape" && onBack !== null) onBack();
  };
  prepareSide(people);
  // Only someone who came here by a button has a focus to lose.
  if (onBack !== null) (list.querySelector("button") ?? back).focus({ preventScroll: true });
}

function personButton(person, index, onChoose) {
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "person", onclick: () => onChoose(person.id) },
      el("span", { class: `avatar tint-${index % 5}`, "aria-hidden": "true" }, initial(person.name)),
      el(
        "span",
        { class: "who" },
        el("span", { class: "name" }, person.name),
        el("span", { class: "role" }, person.role),
        about(person),
      ),
      icon("right"),
    ),
  );
}

function about(person) {
  const words = el("span", { class: "about" });
  const fill = () => {
    words.textContent = (pageLanguage() === "en" && person.about_en) || person.about;
  };
  fill();
  onLanguage(fill);
  return words;
}

function prepareSide(people) {
  side.hidden = people.length < 2;
  const [first, second] = side.querySelectorAll("select");
  for (const select of [first, second]) {
    select.replaceChildren(
      ...people.map(({ id, name, role }) => el("option", { value: id }, `${name} · ${role}`)),
    );
  }
  // The most useful pair: someone who applies and someone with another role.
  const other = people.findIndex(({ role }) => role !== people[0].role);
  second.selectedIndex = Math.max(other, Math.min(1, people.length - 1));
  side.onsubmit = (event) => {
    event.preventDefault();
    const pair = [first.value, second.value].map(encodeURIComponent).join(",");
    location.assign(`/?side=${pair}`);
  };
}

function initial(name) {
  return [...name.trim()][0] ?? say("me");
}
