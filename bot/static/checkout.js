// The payment page: what is pressed happens in place, a computer shows its code at once, and the page
// looks whether it is paid.
import { leadBack } from "./chat/way-back.js";

const EVERY = 3000; // milliseconds
const LONGEST = 15 * 60 * 1000; // after that one refreshes by hand
const here = document.querySelector("#checkout");
const problem = document.querySelector("#problem");
const forms = [...document.querySelectorAll("#checkout form")];
const OFFLINE = { zh: "网络断开了，请再试一次。", en: "The connection was lost; please try again." };

leadBack();
for (const form of forms) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    press(form);
  });
}
for (const link of document.querySelectorAll("a[data-way-back]")) {
  link.addEventListener("click", (event) => {
    if (here?.dataset.inWechat === undefined || !window.WeixinJSBridge) return;
    event.preventDefault();
    window.WeixinJSBridge.call("closeWindow");
  });
}

async function press(form) {
  busy(true);
  problem.hidden = true;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    });
    follow(await answer.json());
  } catch {
    say(OFFLINE);
  }
  busy(false);
}

function follow(told) {
  if (told.problem) say(told.problem);
  else if (told.pay) payInWechat(told.pay);
  else if (told.go.startsWith("/")) location.replace(told.go);
  else location.assign(told.go);
}

// developers.weixin.qq.com: WeChat calls back whether it was paid; that is not relied on.
function payInWechat(signed) {
  const bridge = window.WeixinJSBridge;
  if (!bridge) {
    document.addEventListener("WeixinJSBridgeReady", () => payInWechat(signed), { once: true });
    return;
  }
  bridge.invoke("getBrandWCPayRequest", signed, (answer) => {
    if (answer.err_msg === "get_brand_wcpay_request:ok") look();
  });
}

function busy(on) {
  for (const form of forms) {
    const button = form.querySelector("button");
    button.disabled = on;
    button.setAttribute("aria-busy", String(on));
  }
}

function say(words) {
  const english = document.createElement("span");
  english.className = "en";
  english.lang = "en";
  english.textContent = words.en;
  problem.replaceChildren(words.zh, english);
  problem.hidden = false;
}

async function look() {
  try {
    const answer = await fetch(`${here.dataset.path}/state`);
    if (!answer.ok) return;
    const { state } = await answer.json();
    if (state !== here.dataset.state) location.replace(here.dataset.path);
  } catch {
    // Away for a moment: it is looked again.
  }
}

if (here?.dataset.state === "waiting") {
  const since = Date.now();
  const seen = () => document.visibilityState === "visible";
  const looking = setInterval(() => {
    if (Date.now() - since > LONGEST) clearInterval(looking);
    else if (seen()) look();
  }, EVERY);
  document.addEventListener("visibilitychange", () => seen() && look());
  window.addEventListener("pageshow", (event) => event.persisted && look());
  if (here.dataset.atOnce !== undefined && forms.length) press(forms[0]);
}
