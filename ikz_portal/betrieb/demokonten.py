"""The accounts of the demo, as `starten` prints them. Only with IKZ_DEMO."""

from ikz_portal import umgebung

DEMOKONTEN = (
    ("geschaeftsstelle@ikz.example", "Geschäftsstelle"),
    ("buergermeister.raunheim@ikz.example", "Bürgermeister/in von Raunheim, in der Lenkungsgruppe"),
    ("buergermeister.nauheim@ikz.example", "Bürgermeister/in von Nauheim"),
    ("buergermeister.moerfelden-walldorf@ikz.example", "Bürgermeister/in von Mörfelden-Walldorf"),
    ("landrat@ikz.example", "Landrätin/Landrat, „15. Kommune“"),
    ("kontakt.raunheim@ikz.example", "Ansprechperson in Raunheim"),
    ("kontakt.nauheim@ikz.example", "Ansprechperson in Nauheim"),
    ("leitung@ikz.example", "Ansprechperson, leitet das Beispielprojekt"),
    ("lesen@ikz.example", "liest nur"),
)


def kennwort() -> str:
    return umgebung.text("IKZ_DEMO_PASSWORT", "ikz-demo-2022")
