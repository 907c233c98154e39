// One press: a file that is chosen, or dropped on the page, is sent at once, and that it is being checked is shown.
"use strict";

const MEGABYTE = 1024 * 1024;

for (const form of document.querySelectorAll("form.choose")) {
  const input = form.querySelector(".picked");
  const busy = form.querySelector(".busy");
  const tooLarge = form.querySelector(".error");
  form.classList.add("at-once");

  const send = () => {
    const file = input.files[0];
    if (!file) return;
    const large = file.size > form.dataset.most * MEGABYTE;
    tooLarge.hidden = !large;
    if (large) {
      tooLarge.querySelector(".size").textContent = (file.size / MEGABYTE).toFixed(1);
      input.value = "";
      return;
    }
    form.requestSubmit();
  };

  form.addEventListener("submit", () => {
    busy.hidden = false;
    form.setAttribute("aria-busy", "true");
  });
  input.addEventListener("change", send);
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    send();
  });
  // Whoever comes back to this page begins anew.
  window.addEventListener("pageshow", () => {
    busy.hidden = true;
    form.removeAttribute("aria-busy");
    form.reset();
  });
}
