// Pictures shown large: swipe, arrow keys, zoom, Escape.

import { el, icon, ownUrl } from "./dom.js";

const dialog = document.getElementById("viewer");
const pages = document.getElementById("viewer-pages");
const counter = document.getElementById("viewer-count");
const caption = document.getElementById("viewer-caption");
const previous = document.getElementById("viewer-previous");
const next = document.getElementById("viewer-next");
const zoom = document.getElementById("viewer-zoom");

let pictures = [];
let index = 0;

export function prepareViewer({ keepFocus }) {
  document.getElementById("viewer-close").append(icon("close"));
  previous.append(icon("left"));
  next.append(icon("right"));
  zoom.append(icon("zoom"));
  document.getElementById("viewer-close").addEventListener("click", () => dialog.close());
  previous.addEventListener("click", () => go(index - 1));
  next.addEventListener("click", () => go(index + 1));
  zoom.addEventListener("click", () => setZoom(!dialog.classList.contains("zoomed")));
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" && !zoomed()) go(index - 1);
    else if (event.key === "ArrowRight" && !zoomed()) go(index + 1);
    else if (event.key === "Home" && !zoomed()) go(0);
    else if (event.key === "End" && !zoomed()) go(pictures.length - 1);
    else return;
    event.preventDefault();
  });
  pages.addEventListener("scroll", noticeSwipe, { passive: true });
  pages.addEventListener("click", (event) => {
    if (event.target.tagName === "IMG") setZoom(!zoomed(), event);
    else if (!zoomed()) dialog.close();
  });
  dialog.addEventListener("close", () => {
    pages.replaceChildren();
    // The dialog gives the focus back itself, unless what opened it was drawn anew meanwhile.
    if (document.activeElement === document.body) keepFocus();
  });
}

export function view(list, at) {
  pictures = list;
  setZoom(false);
  pages.replaceChildren(
    ...list.map(({ url, alt, width, height }) =>
      el("div", { class: "page" }, el("img", { src: ownUrl(url), alt, width, height })),
    ),
  );
  previous.hidden = list.length < 2;
  next.hidden = list.length < 2;
  dialog.showModal();
  document.getElementById("viewer-close").focus();
  show(at);
  pages.scrollTo({ left: pages.clientWidth * at, behavior: "instant" });
}

function go(to) {
  if (to < 0 || to >= pictures.length) return;
  setZoom(false);
  show(to);
  pages.scrollTo({ left: pages.clientWidth * to });
}

function show(at) {
  index = at;
  counter.textContent = `${at + 1} / ${pictures.length}`;
  caption.textContent = pictures[at].alt;
  // Not disabled: a button that is disabled while it has the focus would lose it.
  previous.setAttribute("aria-disabled", String(at === 0));
  next.setAttribute("aria-disabled", String(at === pictures.length - 1));
}

function noticeSwipe() {
  if (zoomed() || !dialog.open) return;
  const at = Math.round(pages.scrollLeft / pages.clientWidth);
  const settled = Math.abs(pages.scrollLeft - at * pages.clientWidth) < 2;
  if (settled && at !== index && at < pictures.length) show(at);
}

function zoomed() {
  return dialog.classList.contains("zoomed");
}

/** Zoomed, one page alone is shown in double width, and the place that was tapped comes into view. */
function setZoom(on, event) {
  if (on === zoomed()) return;
  const page = pages.children[index];
  const box = page?.firstChild.getBoundingClientRect();
  const x = event && box ? (event.clientX - box.left) / box.width : 0.5;
  const y = event && box ? (event.clientY - box.top) / box.height : 0;
  dialog.classList.toggle("zoomed", on);
  zoom.setAttribute("aria-pressed", String(on));
  for (const [at, child] of [...pages.children].entries()) child.hidden = on && at !== index;
  if (on && page) {
    page.scrollLeft = x * page.scrollWidth - page.clientWidth / 2;
    page.scrollTop = y * page.scrollHeight - page.clientHeight / 2;
    page.tabIndex = 0;
    return;
  }
  page?.removeAttribute("tabindex");
  pages.scrollTo({ left: pages.clientWidth * index, behavior: "instant" });
}
