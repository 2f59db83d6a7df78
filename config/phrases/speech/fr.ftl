# What a caller hears. One idea a sentence; first the aim, then the key. A sentence never lasts longer than 20 seconds
# at 150 words a minute: a test counts.

hello = Bonjour. Pour le français, tapez 1.
door = { $label } : tapez { $key }.
more-doors = Autres choix : tapez 8.
everything = Tout entendre : tapez 8.
ticket-key = Un numéro de ticket : tapez 7.
global-keys = Une personne : tapez 0. Revenir : étoile. Répéter : dièse. Finir : tapez 9.
no-more-calls = Pour ne plus être rappelé : tapez 9.
recall-stopped = C'est noté. On ne vous rappelle plus. Au revoir.

demo = Ceci est un essai. Les adresses sont inventées.
agenda = Agenda
instead = { $what } : rien trouvé. Voici ce qui est proche.
open-now = ouvert maintenant
search = Votre recherche
entry = { $number } : { $name }.
kilometres = { $number } kilomètres.
pick-one = Pour tout savoir : tapez { $key }.
pick-some = Pour tout savoir : tapez son numéro.
more = Pour la suite : tapez 8.
keep-text = Pour recevoir un SMS : tapez 7.
keep-number = Pour un numéro de ticket : tapez 7.
slower = Plus lentement : tapez 5.
back = Pour revenir : étoile.

open = ouvert jour et nuit
open-until = ouvert jusqu'à { $hour }
opens = ouvre { $when }
at-today = aujourd'hui à { $hour }
at-tomorrow = demain à { $hour }
at-day = { $day } à { $hour }
today = aujourd'hui
tomorrow = demain
takes-place = { $when }

phone = Téléphone : { $phone }. Je répète : { $phone }.
no-phone = Pas de téléphone.

where = Où cherchez-vous ? Tapez les { $digits } chiffres de votre code postal.
where-here = Pour { $place } : tapez dièse.
which-ticket = Tapez les 5 chiffres du ticket.
misread-ticket = Ce numéro n'est pas juste. Tapez encore les 5 chiffres.
no-such-ticket = Je ne trouve pas ce ticket. Tapez les 5 chiffres.
ticket-is = Votre ticket : { $number }. Je répète : { $number }. Dites-le à l'accueil, ou tapez-le ici.
texted = C'est envoyé par SMS.
not-kept = Pour ce sujet, rien n'est gardé. Notez l'adresse et le numéro.

nothing-found = Rien trouvé pour { $what }. C'est noté, sans votre nom.
no-more = C'est tout.
unclear = Je n'ai pas compris.
wrong-key = Il n'y a rien sur la touche { $key }.
which-one = Laquelle de ces adresses ?
which-need = Je ne suis pas certain d'avoir compris. Cherchez-vous ceci ?
nothing-to-pick = Il n'y a rien à choisir ici.
no-such-code = Cette adresse n'existe plus.

emergency-first = En danger ? Raccrochez et appelez le 1 1 2.
danger = En danger, appelez maintenant.
emergency = { $who }{ $language ->
    [fr] , en français
    [nl] , en néerlandais
    [de] , en allemand
    [en] , en anglais
   *[own] { "" }
  } : { $number }.
person = Une personne vous aide : { $name }. { $phone }. Je répète : { $phone }.
no-person = Demandez de l'aide à votre commune.
call-back = Une personne vous rappellera. Votre numéro sera ensuite effacé.
when-call = Vous préférez le matin : tapez 1. L'après-midi : tapez 2. Le soir : tapez 3.
morning-noted = On vous rappelle le matin.
afternoon-noted = On vous rappelle l'après-midi.
evening-noted = On vous rappelle le soir.
stay = Je n'entends rien.
too-long = Cet appel dure depuis longtemps.
enough = En danger ? Appelez le 1 1 2. C'est beaucoup d'appels. Réessayez demain.
to-person = Une personne peut vous aider.
by-person = Pour cela, voyez une personne.
doubted = Merci. C'est noté.
stopped = C'est noté. Nous ne vous enverrons plus rien.
started = C'est noté. Vous pouvez de nouveau nous écrire.
thanks = Merci de votre appel. Au revoir.
trouble = Nous avons une panne. Un instant.
