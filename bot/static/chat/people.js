// Demo mode: choosing who one is.

import { el, icon } from "./dom.js";
import { nameOf, onLanguage, pageLanguage, say } from "./words.js";

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
        inBoth("name", () => nameOf(person)),
        inBoth("role", () => roleOf(person)),
        inBoth("about", () => (pageLanguage() === "en" && person.about_en) || person.about),
      ),
      icon("right"),
    ),
  );
}

/** Words that change with the page's language. */
function inBoth(kind, words, tag = "span", attributes = {}) {
  const node = el(tag, { class: kind, ...attributes });
  const fill = () => (node.textContent = words());
  fill();
  onLanguage(fill);
  return node;
}

function roleOf(person) {
  return (pageLanguage() === "en" && person.role_en) || person.role;
}

function prepareSide(people) {
  side.hidden = people.length < 2;
  const [first, second] = side.querySelectorAll("select");
  for (const select of [first, second]) {
    select.replaceChildren(
      ...people.map((person) =>
        inBoth(null, () => `${nameOf(person)} · ${roleOf(person)}`, "option", { value: person.id }),
      ),
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
