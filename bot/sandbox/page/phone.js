import * as api from "/page/api.js";
import { avatar } from "/page/avatar.js";
import { Chat } from "/page/chat.js";
import { chatActions } from "/page/chatactions.js";
import { Composer } from "/page/composer.js";
import { button, el, icon } from "/page/dom.js";
import { Head } from "/page/head.js";
import { messageElement } from "/page/message.js";
import { alert, toast } from "/page/overlay.js";
import { choosePerson, languageSwitch, phoneName } from "/page/people.js";
import { word } from "/page/words.js";

const TYPING_LASTS = 5000;

/** One person's phone with the bot's chat open on it. */
export class Phone {
  #strip = el("header", { class: "strip" });

  constructor(side, desk) {
    this.side = side;
    this.desk = desk;
    this.store = desk.store;
    this.chat = new Chat((message) => this.#build(message), () => this.store.clock.now());
    this.head = new Head(this);
    this.composer = new Composer(this);
    this.actions = chatActions(this);
    this.screen = el("div", { class: "screen" }, this.head.element, this.chat.element, this.composer.element);
    this.element = el("section", { class: "phone", dataset: { side } }, this.#strip, this.screen);
  }

  get person() {
    return this.store.people.get(this.personId);
  }

  show(personId) {
    this.personId = personId;
    this.element.dataset.personId = personId;
    this.#drawPerson();
    this.head.draw();
    this.chat.show(this.store.chat(personId).values(), this.#placeholder());
    this.composer.showPerson();
  }

  /** Runs what a person does and shows a refusal as a toast. */
  async attempt(action) {
    try {
      return await action;
    } catch (refusal) {
      const unreachable = refusal instanceof TypeError;
      toast(this.screen, unreachable ? word("reconnecting") : refusal.message);
      return null;
    }
  }

  say(text, replyTo) {
    return this.attempt(api.say(this.personId, text, replyTo));
  }

  hear(type, event) {
    this[HEARD[type]]?.(event);
  }

  arrived({ message }) {
    const own = this.#sideOf(message) === "out";
    if (!own) this.head.typing(0);
    this.chat.append(message, own);
    if (!own) this.chat.markSeen();
    this.composer.chatChanged(message);
  }

  edited({ message }) {
    this.chat.replace(message);
  }

  deleted({ message_id: id }) {
    this.chat.remove(id);
    if (this.chat.isEmpty) this.show(this.personId);
  }

  answered({ text, show_alert: important, url }) {
    if (url) this.actions.openLink(url, this.element);
    if (!text) return;
    if (important) alert(this.screen, text);
    else toast(this.screen, text);
  }

  acted() {
    this.head.typing(TYPING_LASTS);
  }

  personChanged() {
    this.#drawPerson();
    this.composer.personChanged();
  }

  connectionChanged() {
    if (this.store.connected && this.store.bot.online) this.chat.markSeen();
    this.head.draw();
  }

  #sideOf(message) {
    return message.from?.id === this.personId ? "out" : "in";
  }

  #build(message) {
    const side = this.#sideOf(message);
    const element = messageElement(message, side, this.actions);
    if (side === "out" && !this.store.bot.online) element.classList.add("unseen");
    return element;
  }

  #drawPerson() {
    const { person } = this;
    const name = button(
      { class: "owner", title: word("switch_person"), onclick: (event) => this.#switch(event.currentTarget) },
      avatar(person.first_name, person.color),
      el("span", { class: "owner-name" }, el("strong", {}, person.first_name), ` — ${phoneName(person, this.store)}`),
      icon("chevron"),
    );
    const languages = languageSwitch(person, (code) =>
      this.attempt(api.changePerson(person.id, { language_code: code })),
    );
    this.#strip.replaceChildren(name, languages);
    this.element.setAttribute("aria-label", `${person.first_name} — ${phoneName(person, this.store)}`);
  }

  #switch(anchor) {
    const pick = (person) => this.desk.showPerson(person.id, this);
    const add = { label: word("add_person"), icon: "plus", pick: () => this.desk.addPerson(this) };
    const marks = { chosen: this.personId, unread: this.desk.unread, pick };
    choosePerson(anchor, word("switch_person"), this.store.people.values(), marks, add);
  }

  #placeholder() {
    const { bot } = this.store;
    return el(
      "div",
      { class: "placeholder" },
      avatar(bot.first_name, 5),
      el("h3", {}, word("what_can")),
      el("p", {}, word("description")),
      el("p", { class: "quiet" }, word("press_start")),
    );
  }
}

const HEARD = {
  message: "arrived",
  edited: "edited",
  deleted: "deleted",
  answer: "answered",
  action: "acted",
  person: "personChanged",
};
