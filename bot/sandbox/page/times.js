import { language, word } from "/page/words.js";

const LOCALES = { en: "en-GB", uk: "uk-UA" };

const format = (instant, options) => new Intl.DateTimeFormat(LOCALES[language()], options).format(instant);

export const hour = (instant) => format(instant, { hour: "2-digit", minute: "2-digit" });

/** An instant to the minute and by whose clock: the one of the browser. */
export const moment = (instant) =>
  format(instant, { dateStyle: "full", timeStyle: "short" }) + ` (${zone(instant)})`;

/** "Kyiv" has no word of its own in every browser, so it is told how far from UTC its clock is: UTC+2. */
export const zone = (instant) => {
  const parts = new Intl.DateTimeFormat("en", { timeZoneName: "shortOffset" }).formatToParts(instant);
  return parts.find(({ type }) => type === "timeZoneName").value.replace("GMT", "UTC");
};

export const dayKey = (instant) => format(instant, { year: "numeric", month: "2-digit", day: "2-digit" });

export const weekdayAndDate = (instant) => format(instant, { weekday: "short", day: "numeric", month: "short" });

export function day(instant, today) {
  const sameYear = instant.getFullYear() === today.getFullYear();
  return format(instant, { day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) });
}

/** The value a datetime-local field takes. */
export function forField(instant) {
  const local = new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

const MINUTE = 60_000;

export function span(milliseconds) {
  const minutes = Math.round(Math.abs(milliseconds) / MINUTE);
  const parts = [
    [Math.floor(minutes / 1440), "day"],
    [Math.floor((minutes % 1440) / 60), "hour"],
    [minutes % 60, "minute"],
  ];
  const words = parts.filter(([count]) => count).slice(0, 2).map(([count, unit]) => `${count}${word(unit)}`);
  return `${milliseconds < 0 ? "−" : "+"}${words.join(" ")}`;
}

export const size = (bytes) => {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
};
