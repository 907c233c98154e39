// The page's own labels, in both languages. What the assistant says comes from the server.

const WORDS = {
  title: ["教务助手", "Registrar Assistant"],
  loading: ["正在打开…", "Opening…"],
  online: ["在线", "Online"],
  connecting: ["正在连接…", "Connecting…"],
  offline: ["连接中断，正在重新连接…", "Connection lost, reconnecting…"],
  skip: ["跳到输入框", "Skip to the message box"],
  log: ["对话内容", "Conversation"],
  write: ["输入消息", "Write a message"],
  hint: ["输入消息…", "Message…"],
  send: ["发送", "Send"],
  length: ["已写 {0} 字（{1} 到 {2} 字）", "{0} characters ({1} to {2})"],
  lengthMissing: ["，还差 {0} 字", ", {0} to go"],
  lengthOver: ["，超出 {0} 字", ", {0} too many"],
  lengthRight: ["", ""],
  attach: ["发送文件", "Send a file"],
  language: ["English", "中文"],
  languageHint: ["Continue in English", "改用中文"],
  switchPerson: ["切换身份", "Switch person"],
  leave: ["退出", "Sign out"],
  me: ["我", "Me"],
  assistant: ["教务助手", "Assistant"],
  typing: ["正在输入", "Typing"],
  sending: ["发送中", "Sending"],
  notSent: ["未发送，重试", "Not sent, retry"],
  discard: ["删除", "Discard"],
  choices: ["选项", "Choices"],
  pictures: ["图片", "Pictures"],
  enlarge: ["放大查看：{0}", "View large: {0}"],
  pictureGone: ["图片无法显示，链接可能已过期", "The picture cannot be shown; its link may have expired"],
  download: ["下载", "Download"],
  downloadFile: ["下载 {0}，{1}", "Download {0}, {1}"],
  newWindow: ["（在新窗口打开）", " (opens in a new window)"],
  showAll: ["展开全部", "Show all"],
  showLess: ["收起", "Show less"],
  earlier: ["显示更早的消息", "Show earlier messages"],
  newMessages: ["{0} 条新消息", "{0} new messages"],
  news: ["有新消息", "New messages"],
  newMessage: ["1 条新消息", "1 new message"],
  toEnd: ["回到最新消息", "Go to the latest message"],
  empty: ["请直接说您要办什么，例如“我要一份英文成绩单”。", "Just say what you need, for example “I need a transcript in English”."],
  today: ["今天", "Today"],
  yesterday: ["昨天", "Yesterday"],
  close: ["关闭", "Close"],
  previous: ["上一张", "Previous"],
  next: ["下一张", "Next"],
  zoom: ["放大或还原", "Zoom in or out"],
  viewer: ["图片预览", "Picture viewer"],
  uploading: ["正在上传 {0}%", "Uploading {0}%"],
  cancel: ["取消", "Cancel"],
  tooLarge: ["“{0}”有 {1}，超过 20 MB 的上限，未发送。", "“{0}” has {1}; the limit is 20 MB. It was not sent."],
  emptyFile: ["“{0}”是空文件，未发送。", "“{0}” is empty. It was not sent."],
  chooseTitle: ["您想以谁的身份体验？", "Who would you like to be?"],
  chooseText: [
    "这是演示环境：人物、成绩和付款都是虚构的。请选择一位，随时可以切换。",
    "This is a demonstration: people, grades and payments are fictitious. Choose someone; you can switch at any time.",
  ],
  back: ["返回对话", "Back to the conversation"],
  sideTitle: ["两人并排", "Two people side by side"],
  sideText: [
    "同时看到申请人和审批人的对话，例如一边申请，一边审批。",
    "See both conversations at once, for instance one person applying and the other approving.",
  ],
  first: ["左侧", "Left"],
  second: ["右侧", "Right"],
  openSide: ["并排打开", "Open side by side"],
  sideBack: ["退出并排", "Leave side by side"],
  chatOf: ["{0} 的对话", "Conversation of {0}"],
  unreachable: ["暂时无法连接服务器，正在重试…", "The server cannot be reached at the moment. Trying again…"],
  retry: ["重试", "Try again"],
  refused: ["未能发送", "This could not be sent"],
};

const STORED = "chat.language";
let language = "zh";
const listeners = new Set();
const choiceListeners = new Set();

/** The words for a key in the page's language, with {0}, {1}… filled in. */
export function say(key, ...values) {
  const words = WORDS[key][language === "en" ? 1 : 0];
  return words.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)]));
}

export function pageLanguage() {
  return language;
}

/** "zh" or "en" as a language tag for an element. */
export function languageTag(code) {
  return code === "en" ? "en" : "zh-CN";
}

/** What was chosen in this browser, "zh" or "en"; null when nothing was. */
export function chosenLanguage() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null; // Storage may be closed to us; the session's language then counts.
  }
}

/** Until a conversation is known: what was chosen in this browser, or else what the browser speaks. */
export function suggestLanguage() {
  apply(chosenLanguage() ?? (/^zh\b/i.test(navigator.language ?? "zh") ? "zh" : "en"));
}

/** Labels are in the language of the conversation. */
export function followLanguage(code) {
  apply(code);
}

export function toggleLanguage() {
  const next = language === "en" ? "zh" : "en";
  try {
    localStorage.setItem(STORED, next);
  } catch {
    // The choice then lasts until the page is left.
  }
  choose(next);
}

// Chosen in another window, or in the one around this frame.
addEventListener("storage", (event) => {
  if (event.key === STORED && event.newValue !== null) choose(event.newValue);
});

function choose(code) {
  apply(code);
  for (const listener of choiceListeners) listener(code);
}

/** `listener(code)` hears what the reader chooses, and not what the page follows. */
export function onLanguageChoice(listener) {
  choiceListeners.add(listener);
}

/** The name of a person, for readers of the page's language. */
export function nameOf({ name, name_en }) {
  return (language === "en" && name_en) || name;
}

export function onLanguage(listener) {
  listeners.add(listener);
}

/** Fill the labels of everything under `root` that names a word in data-say, -label or -hint. */
export function label(root) {
  for (const node of root.querySelectorAll("[data-say]")) {
    node.textContent = say(node.dataset.say);
  }
  for (const node of root.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", say(node.dataset.label));
    if (node.matches("button, a")) node.title = say(node.dataset.label);
  }
  // The control for the language speaks the one it leads to.
  for (const node of root.querySelectorAll(".language")) {
    node.lang = languageTag(language === "en" ? "zh" : "en");
  }
  for (const node of root.querySelectorAll("[data-hint]")) {
    node.placeholder = say(node.dataset.hint);
  }
}

function apply(code) {
  const before = language;
  language = code === "en" ? "en" : "zh";
  document.documentElement.lang = languageTag(language);
  document.title = say("title");
  label(document);
  if (language === before) return;
  for (const listener of listeners) listener();
}
