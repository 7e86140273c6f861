import * as api from "/page/api.js";
import { attachMenu, askLocation } from "/page/attach.js";
import { button, el, icon, iconButton } from "/page/dom.js";
import { replyKeyboard } from "/page/keyboard.js";
import { summary } from "/page/message.js";
import { toast } from "/page/overlay.js";
import { Suggestions } from "/page/suggestions.js";
import { word } from "/page/words.js";

/** Where a person writes: the field, the commands, what can be attached, and the bot's reply keyboard. */
export class Composer {
  #suggestions = new Suggestions((command) => this.#say(command));
  #reply = null;
  #keyboardShown = true;
  #field = el("textarea", { "aria-label": "Message", placeholder: word("message"), rows: 1, autocomplete: "off" });
  #quote = el("div", { class: "composer-reply", hidden: true });
  #menu = button({ class: "menu-button", onclick: () => this.#suggestions.toggleAll() }, icon("menu"), word("menu"));
  #toggle = iconButton("keyboard", word("keyboard"), () => this.#toggleKeyboard(), { class: "icon-button toggle" });
  #send = iconButton("send", word("send"), () => this.#submit(), { class: "send-button", disabled: true });
  #keyboard = el("div", { class: "keyboard-tray", hidden: true });
  #big = button({ class: "big-button", onclick: () => this.#pressBig() });
  #row = el("div", { class: "composer-row" });
  element = el("footer", { class: "composer" });

  constructor(phone) {
    this.phone = phone;
    const attach = iconButton("attach", word("attach"), (event) => attachMenu(event.currentTarget, this.phone));
    const line = el("div", { class: "line" }, this.#menu, this.#field, this.#toggle, attach);
    this.#row.append(el("div", { class: "box" }, this.#quote, line), this.#send);
    this.element.append(this.#suggestions.element, this.#row, this.#big, this.#keyboard);
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
  }

  showPerson() {
    this.#write(this.phone.desk.drafts.get(this.phone.personId) ?? "");
    this.replyTo(null);
    this.personChanged();
  }

  personChanged() {
    const { commands, keyboard } = this.phone.person;
    this.#keyboardShown = true;
    this.#menu.hidden = !commands.length;
    this.#suggestions.offer(commands);
    this.#field.placeholder = keyboard?.input_field_placeholder ?? word("message");
    this.#toggle.hidden = !keyboard;
    this.#drawKeyboard();
    this.#drawMode();
  }

  chatChanged() {
    this.#drawKeyboard();
    this.#drawMode();
  }

  replyTo(message) {
    this.#reply = message;
    this.#quote.hidden = !message;
    if (!message) return;
    const cancel = iconButton("close", word("cancel"), () => this.replyTo(null));
    const words = el("span", {}, el("strong", {}, message.from?.first_name ?? ""), summary(message));
    this.#quote.replaceChildren(icon("reply"), words, cancel);
    this.#field.focus();
  }

  #drawMode() {
    const { blocked } = this.phone.person;
    const big = blocked ? word("restart") : this.phone.chat.isEmpty ? word("start") : null;
    this.#big.textContent = big;
    this.#big.hidden = !big;
    this.#row.hidden = Boolean(big);
    if (big) this.#keyboard.hidden = true;
  }

  async #pressBig() {
    const { blocked, id } = this.phone.person;
    if (blocked) await this.phone.attempt(api.changePerson(id, { blocked: false }));
    await this.phone.say("/start");
  }

  #drawKeyboard() {
    const { keyboard } = this.phone.person;
    this.#keyboard.hidden = !keyboard || !this.#keyboardShown;
    this.#toggle.setAttribute("aria-pressed", String(!this.#keyboard.hidden));
    if (keyboard) this.#keyboard.replaceChildren(replyKeyboard(keyboard, this.#keyboardActions()));
  }

  #keyboardActions() {
    const { phone } = this;
    return {
      say: (text) => this.#fromKeyboard(phone.say(text)),
      sendContact: () => this.#fromKeyboard(phone.attempt(api.sendContact(phone.personId))),
      askLocation: () => askLocation(phone),
      notHere: () => toast(phone.screen, word("not_here")),
    };
  }

  #fromKeyboard(said) {
    if (this.phone.person.keyboard?.one_time_keyboard) this.#toggleKeyboard();
    return said;
  }

  #toggleKeyboard() {
    this.#keyboardShown = this.#keyboard.hidden;
    this.#drawKeyboard();
  }

  #typed() {
    const text = this.#field.value;
    this.phone.desk.drafts.set(this.phone.personId, text);
    this.#send.disabled = !text.trim();
    this.#fit();
    this.#suggestions.filter(text);
  }

  #fit() {
    const { style } = this.#field;
    style.height = "auto";
    const height = this.#field.scrollHeight; // 0 while the phone is on a hidden tab
    style.height = height ? `${height}px` : "";
  }

  #key(event) {
    if (event.isComposing || this.#suggestions.key(event)) return;
    if (event.key === "Escape") this.replyTo(null);
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.#field.value.trim();
    if (text) this.#say(text);
  }

  async #say(text) {
    const said = this.phone.say(text, this.#reply?.message_id);
    this.#write("");
    this.replyTo(null);
    this.#field.focus();
    if (!(await said) && !this.#field.value) this.#write(text);
  }

  #write(text) {
    this.#field.value = text;
    this.#typed();
  }
}
