// The box one writes in.

import { touchFirst } from "./dom.js";

const form = document.getElementById("composer");
const box = document.getElementById("text");
const picker = document.getElementById("picker");

export function composer({ onText, onFiles }) {
  function submit(event) {
    event.preventDefault();
    const text = box.value.trim();
    if (text !== "") {
      onText(text);
      box.value = "";
      grow();
    }
    box.focus({ preventScroll: true });
  }

  form.addEventListener("submit", submit);
  box.addEventListener("keydown", (event) => {
    // While a Chinese input method is composing, Enter belongs to it (229 for older Safari).
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    submit(event);
  });
  box.addEventListener("input", grow);
  // The on-screen keyboard stays open when the button is tapped.
  document.getElementById("send").addEventListener("pointerdown", (event) => {
    if (document.activeElement === box) event.preventDefault();
  });

  document.getElementById("attach").addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    onFiles([...picker.files]);
    picker.value = "";
    focusBox();
  });
  box.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files);
  });
  const chat = document.getElementById("chat");
  chat.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  chat.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    onFiles([...event.dataTransfer.files]);
  });
}

/** Give the focus to the box, or on a phone to the log, so that no keyboard pops up. */
export function focusBox() {
  if (touchFirst()) document.getElementById("log").focus({ preventScroll: true });
  else box.focus({ preventScroll: true });
}

/** When the conversation appears: ready to type, except where that would open a keyboard. */
export function welcomeFocus() {
  if (!touchFirst()) box.focus({ preventScroll: true });
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}
