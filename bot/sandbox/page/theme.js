const STORED = "sandbox.theme";

const stored = localStorage.getItem(STORED);
if (stored) document.documentElement.dataset.theme = stored;

const shown = () =>
  document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

export function toggleTheme() {
  const next = shown() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem(STORED, next);
}
