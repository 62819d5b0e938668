// While a field is chosen, the form shows what there is already in it: an excerpt of the page that the option names.
"use strict";

(() => {
  const bereich = document.querySelector("[data-ausschnitt]");
  if (!bereich || !bereich.closest("form")) return;
  const auswahl = bereich.closest("form").elements[bereich.dataset.ausschnitt];
  const inhalt = bereich.querySelector("[data-inhalt]");
  const stand = document.querySelector("[data-ausschnitt-stand]");
  const ersatz = document.querySelector("[data-ausschnitt-ersatz]");
  let laufende = null;
  if (ersatz) ersatz.hidden = true;

  // The words stand in the template; {} is the name of the field.
  const satz = (worte, option) => worte.replace("{}", () => option.textContent.trim());

  const holen = async (adresse, signal) => {
    const ziel = new URL(adresse, location.href);
    ziel.searchParams.set("ausschnitt", "1");
    const antwort = await fetch(ziel, { signal, headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (!antwort.ok || antwort.redirected) throw new Error(antwort.status);
    return antwort.text();
  };

  const nichtZuZeigen = (option) => {
    const absatz = document.createElement("p");
    const seite = document.createElement("a");
    seite.href = option.dataset.url;
    seite.textContent = bereich.dataset.seite;
    absatz.append(satz(bereich.dataset.fehlt, option), " ", seite);
    inhalt.replaceChildren(absatz);
    stand.textContent = absatz.textContent;
  };

  // Who has no mouse scrolls it with the arrow keys.
  const rollbar = () => {
    if (inhalt.scrollHeight > inhalt.clientHeight) inhalt.setAttribute("tabindex", "0");
    else inhalt.removeAttribute("tabindex");
  };

  const zeigen = async () => {
    if (laufende) laufende.abort();
    const option = auswahl.selectedOptions[0];
    bereich.hidden = !(option && option.dataset.url);
    if (bereich.hidden) {
      inhalt.replaceChildren();
      stand.textContent = "";
      return;
    }
    const eigene = (laufende = new AbortController());
    bereich.setAttribute("aria-busy", "true");
    try {
      const text = await holen(option.dataset.url, eigene.signal);
      if (eigene.signal.aborted) return;
      inhalt.innerHTML = text;
      stand.textContent = satz(bereich.dataset.geladen, option);
    } catch {
      if (!eigene.signal.aborted) nichtZuZeigen(option);
    }
    if (eigene.signal.aborted) return;
    bereich.removeAttribute("aria-busy");
    rollbar();
  };

  auswahl.addEventListener("change", zeigen);
  window.addEventListener("pageshow", zeigen);
})();
