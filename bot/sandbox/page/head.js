import * as api from "/page/api.js";
import { avatar } from "/page/avatar.js";
import { el, iconButton } from "/page/dom.js";
import { menu } from "/page/overlay.js";
import { word } from "/page/words.js";

/** The chat's header: the bot's name, and whether it is there, typing or gone. */
export class Head {
  #status = el("span", { class: "status" });
  #typingUntil = 0;

  constructor(phone) {
    this.phone = phone;
    const { bot } = phone.store;
    const names = el("div", { class: "names" }, el("strong", {}, bot.first_name), this.#status);
    const more = iconButton("more", word("more"), (event) => this.#more(event.currentTarget));
    this.element = el("header", { class: "head" }, avatar(bot.first_name, 5), names, more);
  }

  typing(lasts) {
    this.#typingUntil = Date.now() + lasts;
    this.draw();
    if (lasts) setTimeout(() => this.draw(), lasts + 50);
  }

  draw() {
    const state = this.#state();
    this.#status.dataset.state = state;
    const dots = state === "typing" ? el("span", { class: "dots" }, el("i"), el("i"), el("i")) : "";
    this.#status.replaceChildren(word(state), dots);
  }

  #state() {
    const { connected, bot } = this.phone.store;
    if (!connected) return "connecting";
    if (Date.now() < this.#typingUntil) return "typing";
    return bot.online ? "bot" : "offline";
  }

  #more(anchor) {
    const { blocked, id } = this.phone.person;
    const pick = () => this.phone.attempt(api.changePerson(id, { blocked: !blocked }));
    const label = blocked ? word("unblock") : word("block");
    menu(anchor, "", [{ label, icon: "block", danger: !blocked, pick }]);
  }
}
