# Het ticket. Makkelijk te lezen: een idee per zin, hoogstens 12 woorden, datums en uren voluit.

title = Uw adressen
title-one = Uw adres
title-neutral = Geheugensteun
ticket = Uw ticket: { $ticket }
demo = DEMO

weekdays = maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
months = januari februari maart april mei juni juli augustus september oktober november december
first-day = 1
day = { $day } { $month }
day-year = { $day } { $month } { $year }
weekday-day = { $weekday } { $day }
moment = { $day }, { $hour }
hour = { $hour }u
hour-minutes = { $hour }u{ $minutes }
between = van { $from } tot { $to }
between-days = van { $from } tot { $to } de volgende dag
until-night = { $hour } vannacht
until-morning = { $hour } morgenochtend
and-again = { $first } en { $second }
days-two = { $first } en { $last }
days-from-to = { $first } tot { $last }
open-days = { $days }, { $hours }
every-day = elke dag

always = Dag en nacht, elke dag
closed = Gesloten voorlopig
hours-unknown = Uren niet bekend
hours-by-phone = Uren: bel eerst
cancelled = Gaat niet door
postponed = Uitgesteld
full = Volzet
phone-first = Ga er niet heen. Bel eerst.

free = Gratis
free-if = Gratis op voorwaarde
paid = Betalend
price = Prijs: { $price } euro
pay-what-you-can = U geeft wat u wilt
by-appointment = Op afspraak
walk-in = Zonder afspraak
by-referral = Een sociale dienst moet u sturen
only-for = Alleen voor: { $who }
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
conditions = Goed om te weten: { $text }

phone = Tel. { $phone }
way = Zo komt u er: { $text }
metres = Ongeveer { $number } meter van hier
kilometres = Ongeveer { $number } km van hier

verified = Nagekeken op { $day } door een persoon
verified-phone = Nagekeken op { $day } per telefoon
verified-visit = Nagekeken op { $day } ter plaatse
source-of = Volgens de bron, op { $day }
stale = Niet nagekeken sinds { $months } maanden. Bel eerst.
unverified = Niet nagekeken. Bel eerst.
doubtful = Misschien fout. Bel eerst.
code = Code { $code }

question = Een vraag? Bel:
text-ticket = Per sms: TICKET { $ticket } naar { $phone }
keep = Geldig 1 maand. Leg het uit de zon.
helper = Voor uw hulp, uw kind, uw maatschappelijk werker:
torn = Dit papier is niet volledig. Het goede volgt.
