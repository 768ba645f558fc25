// What makes the console quicker, and never what makes it work: without this file every page does the same by hand.
"use strict";

const typing = (element) => element.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");

// Keys: a letter presses or focuses what carries it as data-key; "g" and then a letter opens a page of the menu.
let going = false;
document.addEventListener("keydown", (event) => {
  const here = document.activeElement || document.body;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && here.form) {
    event.preventDefault();
    here.form.requestSubmit(here.form.querySelector("button.main"));
    return;
  }
  if (event.key === "Escape" && typing(here)) {
    here.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(here)) return;
  const keys = document.getElementById("keys");
  if (event.key === "?" && keys) {
    event.preventDefault();
    keys.open ? keys.close() : keys.showModal();
    return;
  }
  if (keys && keys.open) return;
  if (going) {
    going = false;
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  if (event.key === "g") { going = true; setTimeout(() => { going = false; }, 1500); return; }
  if (event.key === "Enter" && here !== document.body && !here.matches("input[type=radio], input[type=checkbox], main")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input[type=radio]")) { target.checked = true; target.focus(); }
  else if (typing(target)) target.focus();
  else target.click();
});

// Sections are offered while their name is typed.
for (const field of document.querySelectorAll("[data-sections]")) {
  const list = field.list;
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const reply = await fetch(`/sections.json?text=${encodeURIComponent(field.value)}`).catch(() => null);
      if (!reply || !reply.ok) return;
      list.replaceChildren(...(await reply.json()).map((found) => {
        const option = document.createElement("option");
        option.value = found.section;
        option.label = found.heading;
        return option;
      }));
    }, 200);
  });
}

// A chat with a seller looks for new messages by itself.
for (const place of document.querySelectorAll("[data-live]")) {
  setInterval(async () => {
    if (document.hidden) return;
    const reply = await fetch(place.dataset.live).catch(() => null);
    if (!reply || !reply.ok || reply.redirected) return;
    const shown = await reply.text();
    if (place.dataset.shown !== undefined && place.dataset.shown !== shown) {
      const page = new DOMParser().parseFromString(shown, "text/html");
      place.replaceChildren(...page.body.childNodes);
    }
    place.dataset.shown = shown;
  }, 3000);
}

// What was typed and not sent is kept for this tab, so that a wrong key loses nothing.
for (const text of document.querySelectorAll("textarea[name=note], textarea[name=message]")) {
  const name = `draft:${location.pathname}:${text.name}`;
  if (!text.value) text.value = sessionStorage.getItem(name) || "";
  text.addEventListener("input", () => sessionStorage.setItem(name, text.value));
  if (text.form) text.form.addEventListener("submit", () => sessionStorage.removeItem(name));
}
