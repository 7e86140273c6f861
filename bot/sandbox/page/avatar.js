import { el } from "/page/dom.js";

export function avatar(name, color) {
  return el("span", { class: "avatar", dataset: { color }, "aria-hidden": "true" }, initials(name));
}

const initials = (name) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => [...part][0] ?? "")
    .join("")
    .toUpperCase();

export const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");
