# Phrases for visitors. Plain words, one idea a sentence, no capitals but for what is to be typed.
# Text messages: only letters of GSM-7 where possible; the rest is folded when sent.

help = Envoyez un mot et votre code postal.
    Exemple: MANGER 1030
    Mots: MANGER DORMIR SANTE PAPIERS AGENDA
where = { $what }: où ?
    Envoyez votre code postal. Exemple: { $example }
where-again = Où ? Envoyez ensemble votre mot et votre code postal. Rien n'est gardé.
send-code = Envoyez un code pour tout savoir.
what = { $place }: que cherchez-vous ?
unclear = Je n'ai pas compris.
readable = Je lis un texte, une position ou un message vocal, mais pas ceci.
refuge = Ouvert: { $name }. Envoyez { $code }
which-one = Lequel? Envoyez son chiffre.
which-need = Je ne suis pas certain d'avoir compris. Vous cherchez:
nothing-to-pick = Envoyez un mot et votre code postal. Exemple: MANGER 1030
no-such-choice = Il n'y a rien sur le { $number }.
nothing-found = Rien trouvé pour { $what }.
    C'est noté, sans votre nom.
instead = { $what }: rien trouvé.
no-more = C'est tout.
person = Une personne vous aide: { $name }, { $phone }
no-person = Demandez de l'aide à votre commune.
call-back = Une personne vous rappellera. Votre numéro sera ensuite effacé.
chat-back = Une personne vous répondra ici.
share-where = 📍 Ma position
erase = Effacer
too-old = Un des messages est trop ancien: effacez-le vous-même.
when-call = Quand ? 1 matin, 2 après-midi, 3 soir
morning-noted = Le matin, c'est noté.
afternoon-noted = L'après-midi, c'est noté.
evening-noted = Le soir, c'est noté.
or-call = Pour ne pas attendre: { $name }, { $phone }
stopped = C'est noté. Nous ne vous enverrons plus rien. Pour reprendre: START
started = Bonjour. Vous pouvez de nouveau nous écrire.
emergency-first = En danger ? Appelez le 112.
enough = C'est beaucoup de messages. Réessayez dans une heure.
thanks = Avec plaisir. Bonne journée.
language-set = Français: c'est noté.
which-language = Quelle langue ?
    1 Français
    2 Nederlands
    3 Deutsch
    4 English
which-ticket = Quel ticket ? Envoyez ses 5 chiffres.
texted = C'est envoyé par SMS.
ticket-is = Votre ticket: { $number }. Il sert ici, par SMS et par téléphone, 60 jours.
not-kept = Pour ce sujet, rien n'est gardé. Notez l'adresse et le numéro.
misread-code = Ce code n'est pas juste. Relisez le code: 5 lettres et chiffres, comme { $example }.
no-such-code = Aucune fiche ne porte le code { $code }.
misread-ticket = Ce numéro de ticket n'est pas juste. Relisez ses 5 chiffres.
no-such-ticket = Je ne trouve pas ce ticket.
doubted = Merci. C'est noté pour { $name }.
doubt-which = Merci. Quelle fiche est fausse ? Envoyez son code de 5 lettres et chiffres.
offer-by-person = Merci ! Pour publier votre proposition, voyez une personne.
offer-nowhere = Merci ! On ne peut pas encore publier cela ici. Parlez-en à votre commune.
request-by-person = Personne ne le propose encore par ici.
danger = En danger ? Appelez maintenant:
or-place = Ou { $name }, { $phone }
erase-this = Effacez ce message.
discreet = discret

key-pick = Tapez { $range }.
or = ou
key-more = Suite
key-person = Aide
key-keep = Ticket
key-back = Retour

open-always = jour et nuit
open-until = jusqu'à { $hour }
open-until-night = jusqu'à { $hour } cette nuit
open-until-morning = jusqu'à { $hour } demain matin
opens = ouvre { $hour }
closed = fermé
hours-unknown = horaire inconnu
hours-by-phone = horaires: téléphonez
cancelled = annulé
postponed = reporté
full = complet
phone-first = téléphonez d'abord

free = gratuit
free-if = sous condition
paid = payant
price = { $price }€
pay-what-you-can = prix libre

only-for = { $who } seulement
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

verified = Vérifié { $day }
source-of = Selon la source, { $day }
stale = Non vérifié depuis { $months } mois, téléphonez d'abord
unverified = Non vérifié, téléphonez d'abord
doubtful = Peut-être faux, téléphonez d'abord

telephone = Tél { $phone }
by-appointment = sur rendez-vous
by-referral = via un service social
always = Jour et nuit
open-now = ouvert maintenant
demo = DEMO
agenda = Agenda
search = votre recherche

today = aujourd'hui
tomorrow = demain
weekdays = lun mar mer jeu ven sam dim
hour = { $hour }h
hour-minutes = { $hour }h{ $minutes }
