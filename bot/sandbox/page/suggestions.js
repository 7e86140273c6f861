import { button, el } from "/page/dom.js";
import { word } from "/page/words.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** The bot's commands above the field: all of them from the menu button, or those that begin as typed. */
export class Suggestions {
  #commands = [];
  #shown = [];
  #at = 0;
  element = el("div", { class: "suggestions", role: "listbox", "aria-label": word("commands"), hidden: true });

  constructor(choose) {
    this.choose = choose;
  }

  offer(commands) {
    this.#commands = commands;
    this.#show([]);
  }

  filter(text) {
    const typed = text.match(/^\/(\w*)$/)?.[1];
    if (typed === undefined) return this.#show([]);
    const fitting = this.#commands.filter(({ command }) => command.startsWith(typed.toLowerCase()));
    this.#show(fitting.sort((a, b) => (b.command === typed) - (a.command === typed)));
  }

  toggleAll() {
    this.#show(this.element.hidden ? this.#commands : []);
  }

  /** Whether the key was meant for the suggestions. */
  key(event) {
    if (this.element.hidden) return false;
    if (event.key === "Escape") this.#show([]);
    else if (STEPS[event.key]) this.#mark(this.#at + STEPS[event.key]);
    else if (["Enter", "Tab"].includes(event.key) && !event.shiftKey) this.#pick(this.#shown[this.#at]);
    else return false;
    event.preventDefault();
    return true;
  }

  #show(commands) {
    this.#shown = commands;
    this.element.hidden = !commands.length;
    this.element.replaceChildren(...commands.map((command) => this.#option(command)));
    if (commands.length) this.#mark(0);
  }

  #option(command) {
    return button(
      { class: "suggestion", role: "option", tabindex: -1, onclick: () => this.#pick(command) },
      el("strong", {}, `/${command.command}`),
      el("span", {}, command.description),
    );
  }

  #mark(index) {
    const options = [...this.element.children];
    this.#at = (index + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#at)));
    options[this.#at].scrollIntoView({ block: "nearest" });
  }

  #pick({ command }) {
    this.#show([]);
    this.choose(`/${command}`);
  }
}
