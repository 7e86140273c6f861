import { avatar, fullName } from "/page/avatar.js";
import { button, el } from "/page/dom.js";
import { dialog, menu } from "/page/overlay.js";
import { word } from "/page/words.js";

const SEEDED = ["phone_student", "phone_tutor"];

/** The first two people are the student and the tutor of the story; everybody else just has a phone. */
export function phoneName(person, store) {
  const place = [...store.people.keys()].indexOf(person.id);
  return word(SEEDED[place] ?? "phone_other");
}

export function choosePerson(anchor, title, people, { chosen, hint, unread, pick }, ...more) {
  const items = [...people].map((person) => ({
    label: fullName(person),
    hint,
    node: avatar(person.first_name, person.color),
    checked: person.id === chosen,
    count: unread?.get(person.id),
    pick: () => pick(person),
  }));
  menu(anchor, title, [...items, ...more]);
}

const OFFERED = ["uk", "en"];

/** A small switch for Telegram's language on one phone. */
export function languageSwitch(person, choose) {
  const codes = OFFERED.includes(person.language_code) ? OFFERED : [...OFFERED, person.language_code];
  const choices = codes.map((code) => {
    const pressed = String(code === person.language_code);
    const attributes = { "aria-pressed": pressed, dataset: { language: code }, onclick: () => choose(code) };
    return button(attributes, code.toUpperCase());
  });
  const label = word("telegram_language");
  return el("div", { class: "switch", role: "group", "aria-label": label, title: label }, ...choices);
}

/** Asks for a new person's name and language. */
export function askNewPerson(add) {
  const first = field("first_name", { required: true, maxlength: 64 });
  const last = field("last_name", { maxlength: 64 });
  const other = field("language_code", { maxlength: 8, pattern: "[a-z]{2,3}(-[A-Za-z]+)?" });
  const languages = languageField(other);
  const form = el(
    "form",
    { method: "dialog", class: "form" },
    first.label,
    last.label,
    languages.element,
    other.label,
    el("div", { class: "actions" }, cancelButton(), el("button", { class: "text-button" }, word("add"))),
  );
  other.label.hidden = true;
  form.addEventListener("submit", () => {
    const languageCode = languages.chosen() || other.input.value.trim() || "en";
    add({
      first_name: first.input.value.trim(),
      last_name: last.input.value.trim() || null,
      language_code: languageCode,
    });
  });
  dialog(word("new_person"), form);
}

const cancelButton = () =>
  button({ class: "text-button", onclick: (event) => event.target.closest("dialog").close() }, word("cancel"));

function field(key, attributes) {
  const input = el("input", { type: "text", placeholder: " ", autocomplete: "off", ...attributes });
  return { input, label: el("label", { class: "field" }, input, el("span", {}, word(key))) };
}

function languageField(other) {
  const select = el(
    "select",
    {},
    el("option", { value: "uk" }, "Українська (uk)"),
    el("option", { value: "en" }, "English (en)"),
    el("option", { value: "" }, word("language_other")),
  );
  select.addEventListener("change", () => (other.label.hidden = select.value !== ""));
  const element = el("label", { class: "field" }, select, el("span", {}, word("language")));
  return { element, chosen: () => select.value };
}
