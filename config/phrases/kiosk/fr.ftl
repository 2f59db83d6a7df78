# The kiosk. Easy to read: one idea a sentence, at most 12 words, no whole words in capitals.
# Lengths in letters at 64 columns: label 18, button 11, title 28, line 60.

name = Français
hello = Bonjour
touch = Touchez l'écran
choose-language = Choisissez votre langue
what = Que cherchez-vous ?
near = Près d'ici
touch-picture = Touchez une image, ou tapez son numéro.

listen = Écouter
volume = Volume
silence = Silence
star = étoile
hash = dièse
more = Suite
everything = Tout voir
help = Aide
done = J'ai fini
back = Retour
language = Langue
letters = Aa+
contrast = N/B
print = Imprimer
open-only = Ouvert
ticket = Ticket
yes = Oui
no = Non merci

page = Page { $page } sur { $pages }
places = { $number } lieux
one-place = 1 lieu
nothing = Rien trouvé près d'ici.
nothing-noted = C'est noté, sans votre nom.
ask-person = Une personne peut chercher avec vous.
searching = Je cherche…
trouble = Je n'arrive pas à chercher.
trouble-person = Une personne peut vous aider. Touchez 0.

open = Ouvert jour et nuit
open-until = Ouvert jusqu'à { $hour }
opens = Ouvre { $when }
closed = Fermé pour le moment
today-at = aujourd'hui à { $hour }
tomorrow-at = demain à { $hour }
day-at = { $day } à { $hour }
on-foot = { $minutes } min à pied
here = ici
take = + ticket
taken = sur le ticket
add = Ajouter au ticket
remove = Enlever { $number }
wrong = C'est faux ?
wrong-noted = Merci. Une personne va vérifier.

agenda = Sortir, agenda
no-event = Rien ce jour-là.
today = aujourd'hui
walk = minutes à pied

your-ticket = Votre ticket
addresses = { $number } adresses, gratuit
one-address = 1 adresse, gratuit
empty-ticket = Votre ticket est vide.
large = Grandes lettres
second = + { $language }
read-all = Lire tout
full-ticket = Un ticket a { $number } adresses au plus.

printing = Votre ticket s'imprime.
printed = Prenez votre ticket.
its-number = Son numéro : { $ticket }
no-paper = Il n'y a plus de papier.
no-paper-wait = Votre ticket sortira avec du nouveau papier.
no-printer = L'imprimante ne répond pas.
no-printer-person = Une personne peut noter l'adresse pour vous.
text-it = Par SMS : TICKET { $ticket }

person = Une personne va vous aider.
person-here = Appeler quelqu'un
person-where = Allez à l'accueil.
person-called = C'est noté. Allez à l'accueil.
call-desk = Téléphonez à { $name } :
call-me = Être rappelé
your-number = Quel est votre numéro ?
number-private = Votre numéro est effacé après l'appel.
wipe-digit = Effacer
call-ok = OK
number-right = C'est bien votre numéro ?
call-me-there = Oui, appelez-moi
number-wrong = Non, corriger
number-not-whole = Ce numéro ne va pas. Vérifiez les chiffres.
call-noted = C'est noté. Une personne vous appellera.
call-failed = Je ne peux pas le noter. Allez à l'accueil.
call-enough = Trop de demandes ici pour le moment. Allez à l'accueil.
print-enough = Beaucoup de tickets sont sortis. Attendez un peu, s'il vous plaît.
not-found = Je n'ai pas trouvé
what-lacks = Qu'est-ce qui manque ?
lack-noted = Merci. C'est noté, sans votre nom.

danger = En danger ? Téléphonez maintenant :
danger-home = Violence à la maison
danger-child = Enfant en danger
danger-sexual = Violence sexuelle
danger-despair = Je veux mourir
danger-poison = Poison, overdose
danger-cold = Dehors, sans lit
danger-any = Le 112 aide jour et nuit, dans tout danger.
closed-now = fermé
still-there = Êtes-vous encore là ?
touch-to-stay = Touchez l'écran pour continuer.
erases-in = L'écran s'efface dans { $seconds } secondes.
stay = Oui, je continue
erase = J'ai fini, effacer
cleaning = Nettoyage de l'écran
cleaning-left = Encore { $seconds } secondes.
demo = Démonstration : adresses inventées.
