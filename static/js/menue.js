// Menus are <details> and work without this; here they also close on Escape and on a click elsewhere.
"use strict";

const offeneMenues = () => document.querySelectorAll("details.konto[open], details.klappmenue[open]");

document.addEventListener("keydown", (ereignis) => {
  if (ereignis.key !== "Escape") return;
  for (const menue of offeneMenues()) {
    const innen = menue.contains(document.activeElement);
    menue.open = false;
    if (innen) menue.querySelector("summary").focus();
  }
});

document.addEventListener("click", (ereignis) => {
  for (const menue of offeneMenues()) {
    if (!menue.contains(ereignis.target)) menue.open = false;
  }
});
