import { EN } from "/page/words.en.js";
import { UK } from "/page/words.uk.js";

const DICTIONARIES = { en: EN, uk: UK };
const STORED = "sandbox.language";

let current = localStorage.getItem(STORED) ?? (navigator.language.toLowerCase().startsWith("uk") ? "uk" : "en");

export const language = () => current;

export const word = (key) => DICTIONARIES[current][key];

export function setLanguage(code) {
  current = code;
  localStorage.setItem(STORED, code);
}
