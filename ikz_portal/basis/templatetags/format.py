"""The forms of ikz_portal.basis.formate for templates: filters for one value, tags where several belong together."""

from django import template

from ikz_portal.basis import formate

register = template.Library()

register.filter("zahl", formate.zahl)
register.filter("geld", formate.geld)
register.filter("tag", formate.tag)
register.filter("tag_lang", formate.tag_lang)
register.filter("zeitpunkt", formate.zeitpunkt)
register.filter("markdown", formate.markdown)
register.simple_tag(formate.ungefaehr, name="ungefaehr")
register.simple_tag(formate.zeitraum, name="zeitraum")
