/** The theme is the system's until the person chooses; the choice is a cookie, so that the server paints the right one. */
import { behave } from "./behaviours.js";

const root = document.documentElement;

function switchTheme() {
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that people use.
  document.cookie = `theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

behave("[data-theme-switch]", (button) => {
  button.hidden = false;
  button.addEventListener("click", switchTheme);
});
