# Sätze für Besucher. Einfache Wörter, ein Gedanke je Satz.

help = Senden Sie ein Wort und Ihre Postleitzahl.
    Beispiel: ESSEN 4700
    Wörter: ESSEN SCHLAFEN ARZT PAPIERE AGENDA
where = { $what }: wo?
    Senden Sie Ihre Postleitzahl. Beispiel: { $example }
where-again = Wo? Senden Sie Ihr Wort und Ihre Postleitzahl zusammen. Nichts wird gespeichert.
send-code = Senden Sie einen Code, um alles zu wissen.
what = { $place }: Was suchen Sie?
unclear = Das habe ich nicht verstanden.
readable = Ich lese einen Text, einen Standort oder eine Sprachnachricht, dies aber nicht.
refuge = Offen: { $name }. Senden Sie { $code }
which-one = Welche? Senden Sie die Ziffer.
which-need = Ich bin nicht sicher, was Sie suchen. Ist es:
nothing-to-pick = Senden Sie ein Wort und Ihre Postleitzahl. Beispiel: ESSEN 4700
no-such-choice = Auf { $number } liegt nichts.
nothing-found = Nichts gefunden für { $what }.
    Notiert, ohne Ihren Namen.
instead = { $what }: nichts gefunden.
no-more = Das ist alles.
person = Jemand hilft Ihnen: { $name }, { $phone }
no-person = Fragen Sie Ihre Gemeinde um Hilfe.
call-back = Jemand ruft Sie zurück. Danach wird Ihre Nummer gelöscht.
chat-back = Jemand antwortet Ihnen hier.
share-where = 📍 Mein Standort
erase = Löschen
too-old = Eine der Nachrichten ist zu alt: Löschen Sie sie selbst.
when-call = Wann? 1 morgens, 2 nachmittags, 3 abends
morning-noted = Morgens: notiert.
afternoon-noted = Nachmittags: notiert.
evening-noted = Abends: notiert.
or-call = Lieber nicht warten? { $name }, { $phone }
stopped = Notiert. Wir senden Ihnen nichts mehr. Wieder beginnen: START
started = Guten Tag. Sie können uns wieder schreiben.
emergency-first = In Gefahr? Rufen Sie 112 an.
enough = Das sind viele Nachrichten. Versuchen Sie es in einer Stunde wieder.
thanks = Gern geschehen. Schönen Tag noch.
language-set = Deutsch: notiert.
which-language = Welche Sprache?
    1 Français
    2 Nederlands
    3 Deutsch
    4 English
which-ticket = Welches Ticket? Senden Sie die 5 Ziffern.
texted = Per SMS gesendet.
ticket-is = Ihr Ticket: { $number }. Es gilt hier, per SMS und am Telefon, 60 Tage.
not-kept = Zu diesem Thema wird nichts aufbewahrt. Notieren Sie Adresse und Nummer.
misread-code = Dieser Code stimmt nicht. Lesen Sie den Code noch einmal: 5 Buchstaben und Ziffern, wie { $example }.
no-such-code = Kein Eintrag hat den Code { $code }.
misread-ticket = Diese Ticketnummer stimmt nicht. Lesen Sie die 5 Ziffern noch einmal.
no-such-ticket = Ich finde dieses Ticket nicht.
doubted = Danke. Notiert für { $name }.
doubt-which = Danke. Welcher Eintrag ist falsch? Senden Sie den Code aus 5 Buchstaben und Ziffern.
offer-by-person = Danke! Um Ihr Angebot zu veröffentlichen, sprechen Sie mit jemandem.
offer-nowhere = Danke! Das können wir hier noch nicht veröffentlichen. Fragen Sie Ihre Gemeinde.
request-by-person = Das bietet hier noch niemand an.
danger = In Gefahr? Rufen Sie jetzt an:
or-place = Oder { $name }, { $phone }
erase-this = Diese Nachricht löschen.
discreet = diskret

key-pick = { $range } senden.
or = oder
key-more = Weiter
key-person = Hilfe
key-keep = Ticket
key-back = Zurück

open-always = Tag und Nacht
open-until = bis { $hour }
open-until-night = bis { $hour } heute Nacht
open-until-morning = bis { $hour } morgen früh
opens = öffnet { $hour }
closed = zu
hours-unknown = Zeiten unbekannt
hours-by-phone = Zeiten: anrufen
cancelled = fällt aus
postponed = verschoben
full = ausgebucht
phone-first = erst anrufen

free = gratis
free-if = mit Bedingung
paid = kostet etwas
price = { $price }€
pay-what-you-can = freier Preis

only-for = nur { $who }
audience-women = Frauen
audience-men = Männer
audience-youth = Jugendliche
audience-families = Familien
audience-seniors = Ältere
audience-exiles = Geflüchtete
audience-homeless = Obdachlose
audience-disability = Menschen mit Behinderung
audience-lgbtq = LSBTQ+
audience-ex-prisoners = Haftentlassene
audience-students = Studierende
audience-low-income = kleine Einkommen

verified = Geprüft { $day }
source-of = Laut Quelle, { $day }
stale = Seit { $months } Monaten nicht geprüft, erst anrufen
unverified = Nicht geprüft, erst anrufen
doubtful = Vielleicht falsch, erst anrufen

telephone = Tel { $phone }
by-appointment = mit Termin
by-referral = über einen Sozialdienst
always = Tag und Nacht
open-now = jetzt offen
demo = DEMO
agenda = Agenda
search = Ihre Suche

today = heute
tomorrow = morgen
weekdays = Mo Di Mi Do Fr Sa So
hour = { $hour }h
hour-minutes = { $hour }:{ $minutes }
