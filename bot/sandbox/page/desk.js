import * as api from "/page/api.js";
import { avatar } from "/page/avatar.js";
import { button, el } from "/page/dom.js";
import { guide } from "/page/guide.js";
import { askNewPerson } from "/page/people.js";
import { Phone } from "/page/phone.js";
import { PendingTaps } from "/page/taps.js";
import { topBar } from "/page/topbar.js";
import { language, word } from "/page/words.js";

const SIDES = ["left", "right"];
const STORED = "sandbox.phones";
const CHAT_EVENTS = ["message", "edited", "deleted", "answer", "action"];

/** The whole page: the bar, the guide and two phones, each showing one person. */
export class Desk {
  taps = new PendingTaps();
  drafts = new Map();
  unread = new Map();
  #built = new AbortController();
  #tabs = el("nav", { class: "tabs" });

  constructor(store) {
    this.store = store;
    for (const type of CHAT_EVENTS) store.addEventListener(type, ({ detail }) => this.#heard(type, detail));
    store.addEventListener("snapshot", () => this.build());
    store.addEventListener("person", ({ detail }) => this.#personChanged(detail.person));
    for (const type of ["bot", "connection"]) store.addEventListener(type, () => this.#connectionChanged());
  }

  /** Draws everything anew: after a snapshot, and when the page's language changes. */
  build() {
    this.#built.abort();
    this.#built = new AbortController();
    document.documentElement.lang = language();
    document.title = `${word("product")} — ${word("sandbox")}`;
    this.guide = guide();
    this.phones = SIDES.map((side) => new Phone(side, this));
    const phones = el("main", { class: "phones" }, ...this.phones.map((phone) => phone.element));
    document.body.replaceChildren(topBar(this.store, this, this.#built.signal), this.guide.element, this.#tabs, phones);
    const people = this.#remembered();
    this.phones.forEach((phone, at) => phone.show(people[at]));
    this.#activate(this.phones.find((phone) => phone.side === this.active) ?? this.phones[0]);
    this.#connectionChanged();
  }

  showGuide() {
    this.guide.show();
  }

  showPerson(personId, phone) {
    const other = this.phones.find((one) => one !== phone);
    if (other.personId === personId) other.show(phone.personId);
    phone.show(personId);
    this.unread.delete(personId);
    localStorage.setItem(STORED, JSON.stringify(this.phones.map((one) => one.personId)));
    this.#activate(phone);
  }

  addPerson(phone) {
    askNewPerson(async (names) => {
      const person = await phone.attempt(api.addPerson(names));
      if (!person) return;
      this.store.people.set(person.id, person); // the answer may overtake the event
      this.showPerson(person.id, phone);
    });
  }

  /** Opens a link to the bot on somebody's phone; a person who is not on screen takes the other phone. */
  openAs(person, command, from) {
    const phone =
      this.phones.find((one) => one.personId === person.id) ?? this.phones.find((one) => one !== from);
    if (phone.personId !== person.id) this.showPerson(person.id, phone);
    this.#activate(phone);
    phone.element.classList.add("called");
    setTimeout(() => phone.element.classList.remove("called"), 1600);
    return phone.say(command);
  }

  #remembered() {
    const known = [...this.store.people.keys()];
    const kept = JSON.parse(localStorage.getItem(STORED) ?? "[]").filter((id) => known.includes(id));
    const [left, right] = [...new Set([...kept, ...known])];
    return kept.length < 2 ? [known[0], known[1] ?? known[0]] : [left, right];
  }

  #heard(type, event) {
    if (type === "answer") this.taps.answered(event.callback_query_id);
    const phones = this.phones?.filter((phone) => phone.personId === event.chat_id) ?? [];
    for (const phone of phones) phone.hear(type, event);
    const seen = phones.some((phone) => phone.element.checkVisibility());
    if (type === "message" && !seen) this.#missed(event.chat_id);
  }

  #missed(personId) {
    this.unread.set(personId, (this.unread.get(personId) ?? 0) + 1);
    this.#drawTabs();
  }

  #personChanged(person) {
    for (const phone of this.phones ?? []) if (phone.personId === person.id) phone.personChanged();
    this.#drawTabs();
  }

  #connectionChanged() {
    document.body.classList.toggle("disconnected", !this.store.connected);
    for (const phone of this.phones ?? []) phone.connectionChanged();
  }

  #activate(phone) {
    this.active = phone.side;
    for (const one of this.phones) one.element.classList.toggle("active", one === phone);
    this.unread.delete(phone.personId);
    this.#drawTabs();
  }

  #drawTabs() {
    this.#tabs.replaceChildren(...(this.phones ?? []).map((phone) => this.#tab(phone)));
  }

  #tab(phone) {
    const { person } = phone;
    const count = this.unread.get(person.id);
    return button(
      { "aria-pressed": String(phone.side === this.active), onclick: () => this.#activate(phone) },
      avatar(person.first_name, person.color),
      person.first_name,
      count ? el("span", { class: "badge" }, String(count)) : null,
    );
  }
}

