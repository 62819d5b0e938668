// Passkeys: asks the browser for the answer that the form carries, since the CSP allows no script in the page.
(() => {
  "use strict";
  const form = document.querySelector("form[data-passkey]");
  const daten = document.getElementById("passkey-daten");
  if (!form || !daten) return;
  const optionen = JSON.parse(daten.textContent);
  const meldung = form.querySelector(".passkey-meldung");
  const knopf = form.querySelector("button");

  const fragen = () =>
    form.dataset.passkey === "neu"
      ? window.webauthnJSON.create(optionen.creation_options)
      : window.webauthnJSON.get(optionen.request_options);

  const satz = (fehler) => {
    if (fehler.name === "InvalidStateError") return form.dataset.vorhanden;
    return fehler.name === "NotAllowedError" || fehler.name === "AbortError"
      ? form.dataset.abgebrochen
      : form.dataset.unmoeglich;
  };

  form.addEventListener("submit", async (ereignis) => {
    ereignis.preventDefault();
    meldung.textContent = "";
    knopf.disabled = true;
    try {
      form.elements.credential.value = JSON.stringify(await fragen());
      form.submit();
    } catch (fehler) {
      meldung.textContent = satz(fehler);
      knopf.disabled = false;
    }
  });
})();
