// Addresses in text become links; everything else stays text.

import { el, safeUrl } from "./dom.js";
import { say } from "./words.js";

// A path of ours needs two parts, so that "1/2" or "/help" are left alone. No look-behind: the
// browsers inside older phones' apps would refuse the whole file.
const ADDRESS =
  /https?:\/\/[^\s<>"'`，。；：！？、（）【】《》「」『』“”‘’]+|(^|[\s（(：:，。；])(\/[A-Za-z][\w-]*\/[\w\-./%?=&#~]+)/g;
// A number like T261122-0009 or a student's stays on one line, with the brackets around it, so that
// it can be read out and compared.
const NUMBER = /([（(]?(?:[A-Z]\d{6}-\d{4,}|[A-Z]?\d{8,18}[Xx]?)[）)]?)/;
const TRAILING = /[.,;:!?'")\]}]+$/;

/** A document fragment with the text, its addresses as links that open a new window. */
export function linked(text) {
  const fragment = document.createDocumentFragment();
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTrailing(match[2] ?? match[0]);
    const start = match.index + (match[1] ?? "").length;
    const url = safeUrl(address);
    if (url === null) continue;
    fragment.append(...unbroken(text.slice(from, start)), link(url, address));
    from = start + address.length;
  }
  fragment.append(...unbroken(text.slice(from)));
  return fragment;
}

/** The parts of a text, its numbers unbroken. Splitting with a group puts them at the odd places. */
export function unbroken(text) {
  return text
    .split(NUMBER)
    .map((part, index) => (index % 2 === 1 ? el("span", { class: "whole" }, part) : part));
}

function link(url, shown) {
  return el(
    "a",
    { href: url, target: "_blank", rel: "noopener noreferrer" },
    shown,
    el("span", { class: "unseen" }, say("newWindow")),
  );
}

/** A closing bracket belongs to the address only if it was opened there. */
function withoutTrailing(address) {
  const tail = address.match(TRAILING);
  if (tail === null) return address;
  if (tail[0].startsWith(")") && address.includes("(")) {
    return address.slice(0, tail.index + 1);
  }
  return address.slice(0, tail.index);
}
