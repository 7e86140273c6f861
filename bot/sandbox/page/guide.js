import { el, iconButton } from "/page/dom.js";
import { word } from "/page/words.js";

const STORED = "sandbox.guide";
const STEPS = ["step_tutor", "step_link", "step_book", "step_clock"];

/** The newcomer's first steps, until they are put away. */
export function guide() {
  const steps = STEPS.map((key) => el("li", {}, word(key)));
  const hide = iconButton("close", word("dismiss"), () => keep(strip, "hidden"));
  const strip = el("aside", { class: "guide", "aria-label": word("guide") }, el("ol", {}, ...steps), hide);
  strip.hidden = localStorage.getItem(STORED) === "hidden";
  return { element: strip, show: () => keep(strip, "shown") };
}

function keep(strip, state) {
  localStorage.setItem(STORED, state);
  strip.hidden = state === "hidden";
}
