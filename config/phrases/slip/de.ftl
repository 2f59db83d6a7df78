# Der Zettel. Leicht zu lesen: ein Gedanke je Satz, höchstens 12 Wörter, Tage und Zeiten ausgeschrieben.

title = Ihre Adressen
title-one = Ihre Adresse
title-neutral = Merkzettel
ticket = Ihr Ticket: { $ticket }
demo = DEMO

weekdays = Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag
months = Januar Februar März April Mai Juni Juli August September Oktober November Dezember
first-day = 1.
day = { $day } { $month }
day-year = { $day } { $month } { $year }
weekday-day = { $weekday }, { $day }
moment = { $day }, { $hour }
hour = { $hour } Uhr
hour-minutes = { $hour }:{ $minutes } Uhr
between = { $from } bis { $to }
between-days = { $from } bis { $to } am nächsten Tag
until-night = { $hour } heute Nacht
until-morning = { $hour } morgen früh
and-again = { $first } und { $second }
days-two = { $first } und { $last }
days-from-to = { $first } bis { $last }
open-days = { $days }, { $hours }
every-day = jeden Tag

always = Tag und Nacht, jeden Tag
closed = Zurzeit geschlossen
hours-unknown = Zeiten nicht bekannt
hours-by-phone = Zeiten: Rufen Sie zuerst an
cancelled = Fällt aus
postponed = Verschoben
full = Ausgebucht
phone-first = Gehen Sie nicht hin. Rufen Sie zuerst an.

free = Kostenlos
free-if = Kostenlos mit Bedingung
paid = Kostet etwas
price = Preis: { $price } Euro
pay-what-you-can = Sie geben, was Sie wollen
by-appointment = Mit Termin
walk-in = Ohne Termin
by-referral = Ein Sozialdienst muss Sie schicken
only-for = Nur für: { $who }
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
conditions = Gut zu wissen: { $text }

phone = Tel. { $phone }
way = So kommen Sie hin: { $text }
metres = Etwa { $number } Meter von hier
kilometres = Etwa { $number } km von hier

verified = Geprüft am { $day } von einer Person
verified-phone = Geprüft am { $day } am Telefon
verified-visit = Geprüft am { $day } vor Ort
source-of = Laut Quelle, am { $day }
stale = Seit { $months } Monaten ungeprüft. Erst anrufen.
unverified = Nicht geprüft. Erst anrufen.
doubtful = Vielleicht falsch. Erst anrufen.
code = Code { $code }

question = Eine Frage? Rufen Sie an:
text-ticket = Per SMS: TICKET { $ticket } an { $phone }
keep = 1 Monat gültig. Nicht in die Sonne legen.
helper = Für Ihre Hilfe, Ihr Kind, Ihre Sozialarbeiterin:
torn = Dieser Zettel ist nicht vollständig. Der richtige folgt.
