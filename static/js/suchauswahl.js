// Makes <select data-suchauswahl="placeholder"> searchable: a combobox (ARIA 1.2) before a list of its options. The value
// stays in the select, which alone is sent; without this script the select is what there is. An option may name other
// words that it is found by: data-auch="Personalwesen|Personal".
"use strict";

(() => {
  const UMLAUTE = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };
  const ohneZeichen = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const klein = (text) => text.normalize("NFC").toLowerCase().trim();

  // Two spellings of a text: who types „gebaude“ or „gebaeude“ finds „Gebäude“.
  const schreibweisen = (text) => [
    ohneZeichen(klein(text).replace(/[äöüß]/g, (zeichen) => UMLAUTE[zeichen])),
    ohneZeichen(klein(text).replace(/ß/g, "ss")),
  ];

  const element = (art, eigenschaften, ...kinder) => {
    const neu = document.createElement(art);
    for (const [name, wert] of Object.entries(eigenschaften)) neu.setAttribute(name, wert);
    neu.append(...kinder);
    return neu;
  };

  const eintragVon = (option, nummer, kennung) => {
    const gruppe = option.parentElement.label || "";
    const auch = (option.dataset.auch || "").split("|").filter(Boolean);
    return {
      option,
      gruppe,
      auch,
      id: `${kennung}-option-${nummer}`,
      text: option.textContent.trim(),
      namen: [option.textContent, ...auch].flatMap(schreibweisen),
      sichtbares: schreibweisen(`${option.textContent} ${gruppe}`),
      alles: schreibweisen([option.textContent, gruppe, ...auch].join(" ")),
    };
  };

  const steht = (texte, eingabe) => {
    const gesuchte = schreibweisen(eingabe);
    return texte.some((text, i) => gesuchte[i].split(/\s+/).every((wort) => text.includes(wort)));
  };
  const passt = (eintrag, eingabe) => steht(eintrag.alles, eingabe);

  class Suchauswahl {
    constructor(select) {
      this.select = select;
      this.kennung = select.id;
      this.optionen = [...select.options].filter((option) => option.value);
      this.eintraege = this.optionen.map((option, nummer) => eintragVon(option, nummer, this.kennung));
      this.treffer = [];
      this.aktiv = -1;
      this.bauen();
      this.zeigeGewaehltes();
      this.hoeren();
    }

    bauen() {
      const { select, kennung } = this;
      const label = document.querySelector(`label[for="${CSS.escape(kennung)}"]`);
      this.eingabe = element("input", {
        type: "text",
        id: kennung,
        class: `form-control suchauswahl-eingabe${select.classList.contains("is-invalid") ? " is-invalid" : ""}`,
        role: "combobox",
        autocomplete: "off",
        autocapitalize: "none",
        spellcheck: "false",
        placeholder: select.dataset.suchauswahl,
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": `${kennung}-liste`,
      });
      const beschreibung = [select.getAttribute("aria-describedby"), `${kennung}-hinweis`].filter(Boolean);
      this.eingabe.setAttribute("aria-describedby", beschreibung.join(" "));
      if (select.hasAttribute("aria-invalid")) {
        this.eingabe.setAttribute("aria-invalid", select.getAttribute("aria-invalid"));
      }
      if (select.required) this.eingabe.setAttribute("aria-required", "true");
      this.liste = element("div", { id: `${kennung}-liste`, class: "suchauswahl-liste", role: "listbox", hidden: "" });
      this.liste.tabIndex = -1; // browsers stop at what scrolls: Tab would go into the list, which closes
      this.liste.setAttribute("aria-label", label ? label.firstChild.textContent.trim() : "");
      this.stand = element("p", { class: "visually-hidden", role: "status" });
      this.hinweis = element("p", { id: `${kennung}-hinweis`, class: "suchauswahl-hinweis", role: "status" });
      select.id = `${kennung}-auswahl`;
      select.required = false;
      select.hidden = true;
      select.after(element("div", { class: "suchauswahl" }, this.eingabe, this.liste, this.stand, this.hinweis));
    }

    hoeren() {
      this.eingabe.addEventListener("input", () => this.tippen());
      this.eingabe.addEventListener("click", () => (this.offen ? this.schliessen() : this.oeffnen()));
      this.eingabe.addEventListener("keydown", (ereignis) => this.taste(ereignis));
      this.eingabe.addEventListener("blur", () => this.verlassen());
      this.liste.addEventListener("pointerdown", (ereignis) => ereignis.preventDefault()); // the focus stays
      this.liste.addEventListener("mousedown", (ereignis) => ereignis.preventDefault());
      this.liste.addEventListener("click", (ereignis) => {
        const gewaehlt = ereignis.target.closest("[role=option]");
        if (gewaehlt) this.waehlen(this.treffer.find((eintrag) => eintrag.id === gewaehlt.id));
      });
      window.addEventListener("pageshow", () => {
        if (document.activeElement !== this.eingabe) this.zeigeGewaehltes(); // what the browser kept of the select
      });
    }

    get offen() {
      return !this.liste.hidden;
    }

    get gewaehltes() {
      return this.eintraege.find((eintrag) => eintrag.option.selected);
    }

    zeigeGewaehltes() {
      this.eingabe.value = this.gewaehltes ? this.gewaehltes.text : "";
    }

    // --- the list ------------------------------------------------------------------------------------------------
    oeffnen(eingabe = "") {
      this.suche = eingabe;
      this.treffer = eingabe.trim() ? this.eintraege.filter((eintrag) => passt(eintrag, eingabe)) : this.eintraege;
      this.liste.replaceChildren(...this.gruppen());
      this.liste.hidden = !this.treffer.length;
      this.eingabe.setAttribute("aria-expanded", String(this.offen));
      this.markieren(eingabe.trim() ? -1 : this.treffer.indexOf(this.gewaehltes));
      const anzahl = this.treffer.length;
      this.stand.textContent = anzahl === 1 ? "1 Treffer" : `${anzahl || "keine"} Treffer`;
      this.platzSchaffen();
      this.melden(anzahl || !eingabe.trim() ? "" : `Zu „${eingabe.trim()}“ gibt es nichts in der Liste.`);
    }

    schliessen() {
      this.liste.hidden = true;
      this.eingabe.setAttribute("aria-expanded", "false");
      this.markieren(-1);
      this.stand.textContent = "";
    }

    gruppen() {
      const kinder = [];
      let gruppe = null;
      for (const eintrag of this.treffer) {
        if (!eintrag.gruppe) {
          kinder.push(this.zeile(eintrag));
          continue;
        }
        if (!gruppe || gruppe.dataset.name !== eintrag.gruppe) {
          gruppe = this.gruppe(eintrag);
          kinder.push(gruppe);
        }
        gruppe.append(this.zeile(eintrag));
      }
      return kinder;
    }

    // A heading, but where the first entry names the group itself.
    gruppe(erster) {
      const gruppe = element("div", { role: "group", "aria-label": erster.gruppe, "data-name": erster.gruppe });
      if (!erster.text.startsWith(erster.gruppe)) {
        gruppe.append(element("div", { class: "suchauswahl-gruppe", "aria-hidden": "true" }, erster.gruppe));
      }
      return gruppe;
    }

    zeile(eintrag) {
      const gewaehlt = eintrag === this.gewaehltes;
      const zeile = element("div", { id: eintrag.id, role: "option", "aria-selected": String(gewaehlt) }, eintrag.text);
      if (!steht(eintrag.sichtbares, this.suche)) {
        const namen = eintrag.auch.filter((name) => steht(schreibweisen(name), this.suche));
        if (namen.length) zeile.append(element("span", {}, `auch: ${namen.join(", ")}`));
      }
      return zeile;
    }

    markieren(nummer) {
      const vorige = this.liste.querySelector(".aktiv");
      if (vorige) vorige.classList.remove("aktiv");
      this.aktiv = nummer;
      const eintrag = this.treffer[nummer];
      const zeile = eintrag && document.getElementById(eintrag.id);
      if (!zeile) {
        this.eingabe.removeAttribute("aria-activedescendant");
        return;
      }
      zeile.classList.add("aktiv");
      zeile.scrollIntoView({ block: "nearest" });
      this.eingabe.setAttribute("aria-activedescendant", zeile.id);
    }

    // On a phone the list would open below the screen, or behind the keyboard.
    platzSchaffen() {
      const hoehe = window.visualViewport ? window.visualViewport.height : window.innerHeight;
      if (window.innerWidth >= 768 || !this.offen || this.liste.getBoundingClientRect().bottom <= hoehe) return;
      this.eingabe.scrollIntoView({ block: "start" });
    }

    melden(satz) {
      this.hinweis.textContent = satz;
    }

    // --- what the person does ------------------------------------------------------------------------------------
    tippen() {
      this.setzen("");
      this.oeffnen(this.eingabe.value);
    }

    taste(ereignis) {
      const schritt = { ArrowDown: 1, ArrowUp: -1 }[ereignis.key];
      if (schritt) {
        ereignis.preventDefault();
        this.bewegen(schritt);
      } else if (ereignis.key === "Enter") {
        ereignis.preventDefault(); // it chooses, and never sends the form
        this.bestaetigen();
      } else if (ereignis.key === "Escape" && (this.offen || this.eingabe.value)) {
        ereignis.preventDefault();
        this.abbrechen();
      }
    }

    bewegen(schritt) {
      const anzahl = this.offen ? this.treffer.length : 0;
      if (anzahl) {
        this.markieren(this.aktiv < 0 && schritt < 0 ? anzahl - 1 : (this.aktiv + schritt + anzahl) % anzahl);
        return;
      }
      this.oeffnen();
      if (this.aktiv < 0) this.markieren(schritt > 0 ? 0 : this.treffer.length - 1);
    }

    bestaetigen() {
      if (!this.offen) {
        this.oeffnen(this.gewaehltes ? "" : this.eingabe.value);
        return;
      }
      const eintrag = this.treffer[this.aktiv] || this.gemeinter();
      if (eintrag) this.waehlen(eintrag);
    }

    // Escape closes the list; once more, it empties the choice.
    abbrechen() {
      if (this.offen) {
        this.schliessen();
        if (!this.gewaehltes) this.eingabe.value = "";
      } else {
        this.eingabe.value = "";
        this.setzen("");
      }
      this.melden("");
    }

    verlassen() {
      const eingabe = this.eingabe.value.trim();
      const gemeinter = !this.gewaehltes && eingabe ? this.gemeinter() : null;
      this.schliessen();
      if (gemeinter) {
        this.waehlen(gemeinter);
        return;
      }
      this.zeigeGewaehltes();
      this.melden(eingabe && !this.gewaehltes ? `„${eingabe}“ steht nicht in der Liste. Bitte wählen Sie daraus.` : "");
    }

    // What was typed means one entry: the only one that is left, or the first of that very name.
    gemeinter() {
      const eingabe = this.eingabe.value;
      if (!eingabe.trim()) return null;
      const passende = this.eintraege.filter((eintrag) => passt(eintrag, eingabe));
      if (passende.length === 1) return passende[0];
      const [name] = schreibweisen(eingabe);
      return passende.find((eintrag) => eintrag.namen.includes(name) || schreibweisen(eintrag.gruppe)[0] === name);
    }

    waehlen(eintrag) {
      this.setzen(eintrag.option.value);
      this.eingabe.value = eintrag.text;
      this.schliessen();
      this.melden("");
      this.stand.textContent = `gewählt: ${eintrag.text}`;
    }

    setzen(wert) {
      if (this.select.value === wert) return;
      this.select.value = wert;
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  for (const select of document.querySelectorAll("select[data-suchauswahl]:not([multiple])")) new Suchauswahl(select);
})();
