// Times are shown as they are at the university, wherever the reader is.

import { pageLanguage, say } from "./words.js";

const ZONE = "Asia/Shanghai";
const DAY = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, dateStyle: "short" });
const TIME = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
});

/** "2026-03-02" */
export function day(at) {
  return DAY.format(new Date(at));
}

/** "09:05" */
export function time(at) {
  return TIME.format(new Date(at));
}

/** "Today", "Yesterday" or the date with its weekday, for a day as given by `day`. */
export function dayName(key) {
  const now = Date.now();
  if (key === day(now)) return say("today");
  if (key === day(now - 86_400_000)) return say("yesterday");
  const options = { timeZone: "UTC", month: "long", day: "numeric", weekday: "long" };
  if (key.slice(0, 4) !== day(now).slice(0, 4)) options.year = "numeric";
  const locale = pageLanguage() === "en" ? "en-GB" : "zh-CN";
  return new Intl.DateTimeFormat(locale, options).format(new Date(`${key}T00:00:00Z`));
}
