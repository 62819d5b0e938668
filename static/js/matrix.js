// What a mark says is shown by CSS while it is pointed at or has the focus. Here it also stays when the pointer moves
// on to it, and goes away on Escape.
"use strict";

(() => {
  const bereich = document.querySelector(".matrix-bereich");
  if (!bereich) return;
  let gezeigtes = null;

  const zeigen = (zeichen) => {
    bereich.classList.remove("worte-aus");
    if (gezeigtes) gezeigtes.classList.remove("zeichen-gezeigt");
    gezeigtes = zeichen;
    if (gezeigtes) gezeigtes.classList.add("zeichen-gezeigt");
  };

  const beiZeichen = (ereignis) => {
    const zeichen = ereignis.target.closest("a.zeichen");
    if (zeichen) zeigen(zeichen);
  };

  bereich.addEventListener("pointerover", beiZeichen);
  bereich.addEventListener("focusin", beiZeichen);
  bereich.addEventListener("focusout", () => zeigen(null));
  document.addEventListener("click", () => zeigen(null));
  document.addEventListener("keydown", (ereignis) => {
    if (ereignis.key !== "Escape") return;
    zeigen(null);
    bereich.classList.add("worte-aus");
  });
})();
