# The slip. Easy to read: one idea a sentence, at most 12 words, dates and hours in full.
# A no-break space keeps together what must stay on one line.

title = Vos adresses
title-one = Votre adresse
title-neutral = Aide-mémoire
ticket = Votre ticket : { $ticket }
demo = DEMO

weekdays = lundi mardi mercredi jeudi vendredi samedi dimanche
months = janvier février mars avril mai juin juillet août septembre octobre novembre décembre
first-day = 1er
day = { $day } { $month }
day-year = { $day } { $month } { $year }
weekday-day = { $weekday } { $day }
moment = { $day }, { $hour }
hour = { $hour }h
hour-minutes = { $hour }h{ $minutes }
between = de { $from } à { $to }
between-days = de { $from } à { $to } le lendemain
until-night = { $hour } cette nuit
until-morning = { $hour } demain matin
and-again = { $first } et { $second }
days-two = { $first } et { $last }
days-from-to = { $first } à { $last }
open-days = { $days }, { $hours }
every-day = tous les jours

always = Jour et nuit, tous les jours
closed = Fermé pour le moment
hours-unknown = Horaire inconnu
hours-by-phone = Horaires : téléphonez d'abord
cancelled = Annulé
postponed = Reporté à plus tard
full = Complet
phone-first = N'y allez pas. Téléphonez d'abord.

free = Gratuit
free-if = Gratuit sous condition
paid = Payant
price = Prix : { $price } euros
pay-what-you-can = Vous donnez ce que vous voulez
by-appointment = Sur rendez-vous
walk-in = Sans rendez-vous
by-referral = Un service social doit vous envoyer
only-for = Seulement pour : { $who }
audience-women = femmes
audience-men = hommes
audience-youth = jeunes
audience-families = familles
audience-seniors = aînés
audience-exiles = réfugiés
audience-homeless = sans-abri
audience-disability = personnes handicapées
audience-lgbtq = LGBTQ+
audience-ex-prisoners = anciens détenus
audience-students = étudiants
audience-low-income = petits revenus
conditions = À savoir : { $text }

phone = Tél. { $phone }
way = Pour y aller : { $text }
metres = À environ { $number } mètres d'ici
kilometres = À environ { $number } km d'ici

verified = Vérifié le { $day } par une personne
verified-phone = Vérifié le { $day } par téléphone
verified-visit = Vérifié le { $day } sur place
source-of = Selon la source, le { $day }
stale = Non vérifié depuis { $months } mois. Téléphonez d'abord.
unverified = Non vérifié. Téléphonez d'abord.
doubtful = Peut-être faux. Téléphonez d'abord.
code = Code { $code }

question = Une question ? Appelez :
text-ticket = Par SMS : TICKET { $ticket } au { $phone }
keep = Utile 1 mois. Gardez ce papier à l'ombre.
helper = Pour votre aide, votre enfant, votre assistante sociale :
torn = Ce papier n'est pas complet. Le bon suit.
