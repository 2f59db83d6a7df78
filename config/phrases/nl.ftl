# Zinnen voor bezoekers. Gewone woorden, één idee per zin.

help = Stuur een woord en uw postcode.
    Voorbeeld: ETEN 1030
    Woorden: ETEN SLAPEN DOKTER PAPIEREN AGENDA
where = { $what }: waar?
    Stuur uw postcode. Voorbeeld: { $example }
where-again = Waar? Stuur uw woord en uw postcode samen. Niets wordt bewaard.
send-code = Stuur een code om alles te weten.
what = { $place }: wat zoekt u?
unclear = Ik heb het niet begrepen.
readable = Ik lees een tekst, een locatie of een spraakbericht, maar dit niet.
refuge = Open: { $name }. Stuur { $code }
which-one = Welke? Stuur het cijfer.
which-need = Ik ben niet zeker wat u zoekt. Is het:
nothing-to-pick = Stuur een woord en uw postcode. Voorbeeld: ETEN 1030
no-such-choice = Op { $number } staat niets.
nothing-found = Niets gevonden voor { $what }.
    Genoteerd, zonder uw naam.
instead = { $what }: niets gevonden.
no-more = Dat is alles.
person = Iemand helpt u: { $name }, { $phone }
no-person = Vraag hulp aan uw gemeente.
call-back = Iemand belt u terug. Daarna wordt uw nummer gewist.
chat-back = Iemand antwoordt u hier.
share-where = 📍 Mijn plaats
erase = Wissen
too-old = Een van de berichten is te oud: wis het zelf.
when-call = Wanneer? 1 voormiddag, 2 namiddag, 3 avond
morning-noted = Voormiddag: genoteerd.
afternoon-noted = Namiddag: genoteerd.
evening-noted = Avond: genoteerd.
or-call = Liever niet wachten? { $name }, { $phone }
stopped = Genoteerd. Wij sturen u niets meer. Opnieuw beginnen: START
started = Hallo. U kunt ons weer schrijven.
emergency-first = In gevaar? Bel 112.
enough = Dat zijn veel berichten. Probeer over een uur opnieuw.
thanks = Graag gedaan. Nog een fijne dag.
language-set = Nederlands: genoteerd.
which-language = Welke taal?
    1 Français
    2 Nederlands
    3 Deutsch
    4 English
which-ticket = Welk ticket? Stuur de 5 cijfers.
texted = Verstuurd per sms.
ticket-is = Uw ticket: { $number }. Het dient hier, per sms en per telefoon, 60 dagen.
not-kept = Over dit onderwerp wordt niets bewaard. Noteer het adres en het nummer.
misread-code = Deze code klopt niet. Lees de code opnieuw: 5 letters en cijfers, zoals { $example }.
no-such-code = Geen enkele fiche heeft code { $code }.
misread-ticket = Dit ticketnummer klopt niet. Lees de 5 cijfers opnieuw.
no-such-ticket = Ik vind dit ticket niet.
doubted = Dank u. Genoteerd voor { $name }.
doubt-which = Dank u. Welke fiche is fout? Stuur de code van 5 letters en cijfers.
offer-by-person = Dank u! Om uw aanbod te plaatsen, spreek met een persoon.
offer-nowhere = Dank u! Dat kan hier nog niet geplaatst worden. Vraag het aan uw gemeente.
request-by-person = Niemand biedt dit hier al aan.
danger = In gevaar? Bel nu:
or-place = Of { $name }, { $phone }
erase-this = Wis dit bericht.
discreet = discreet

key-pick = Tik { $range }.
or = of
key-more = Meer
key-person = Hulp
key-keep = Ticket
key-back = Terug

open-always = dag en nacht
open-until = tot { $hour }
open-until-night = tot { $hour } vannacht
open-until-morning = tot { $hour } morgenochtend
opens = opent { $hour }
closed = gesloten
hours-unknown = uren onbekend
hours-by-phone = uren: bel
cancelled = afgelast
postponed = uitgesteld
full = volzet
phone-first = bel eerst

free = gratis
free-if = op voorwaarde
paid = betalend
price = { $price }€
pay-what-you-can = vrije prijs

only-for = enkel { $who }
audience-women = vrouwen
audience-men = mannen
audience-youth = jongeren
audience-families = gezinnen
audience-seniors = ouderen
audience-exiles = vluchtelingen
audience-homeless = daklozen
audience-disability = mensen met een handicap
audience-lgbtq = LGBTQ+
audience-ex-prisoners = ex-gedetineerden
audience-students = studenten
audience-low-income = lage inkomens

verified = Nagekeken { $day }
source-of = Volgens de bron, { $day }
stale = { $months } maanden niet nagekeken, bel eerst
unverified = Niet nagekeken, bel eerst
doubtful = Misschien fout, bel eerst

telephone = Tel { $phone }
by-appointment = op afspraak
by-referral = via een sociale dienst
always = Dag en nacht
open-now = nu open
demo = DEMO
agenda = Agenda
search = uw vraag

today = vandaag
tomorrow = morgen
weekdays = ma di wo do vr za zo
hour = { $hour }u
hour-minutes = { $hour }u{ $minutes }
