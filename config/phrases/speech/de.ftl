# Was Anrufende hören. Ein Gedanke pro Satz; erst das Ziel, dann die Taste.

hello = Für Deutsch drücken Sie die 3.
door = { $label }: Taste { $key }.
more-doors = Weitere Themen: Taste 8.
everything = Alles hören: Taste 8.
ticket-key = Eine Ticketnummer: Taste 7.
global-keys = Ein Mensch: Taste 0. Zurück: Stern. Wiederholen: Raute. Beenden: Taste 9.
no-more-calls = Nicht mehr zurückgerufen werden: Taste 9.
recall-stopped = Notiert. Wir rufen Sie nicht mehr zurück. Auf Wiederhören.

demo = Dies ist ein Versuch. Die Adressen sind erfunden.
agenda = Agenda
instead = { $what }: nichts gefunden. Das hier ist ähnlich.
open-now = jetzt offen
search = Ihre Suche
entry = { $number }: { $name }.
kilometres = { $number } Kilometer.
pick-one = Um alles zu hören: Taste { $key }.
pick-some = Um alles zu hören: die Nummer drücken.
more = Für weitere: Taste 8.
keep-text = Um eine SMS zu bekommen: Taste 7.
keep-number = Für eine Ticketnummer: Taste 7.
slower = Langsamer: Taste 5.
back = Um zurückzugehen: Stern.

open = Tag und Nacht geöffnet
open-until = offen bis { $hour }
opens = öffnet { $when }
at-today = heute um { $hour }
at-tomorrow = morgen um { $hour }
at-day = { $day } um { $hour }
today = heute
tomorrow = morgen
takes-place = { $when }

phone = Telefon: { $phone }. Ich wiederhole: { $phone }.
no-phone = Kein Telefon.

where = Wo suchen Sie? Drücken Sie die { $digits } Ziffern Ihrer Postleitzahl.
where-here = Für { $place }: Raute drücken.
which-ticket = Drücken Sie die 5 Ziffern des Tickets.
misread-ticket = Diese Nummer stimmt nicht. Drücken Sie die 5 Ziffern noch einmal.
no-such-ticket = Ich finde dieses Ticket nicht. Drücken Sie die 5 Ziffern.
ticket-is = Ihr Ticket: { $number }. Ich wiederhole: { $number }. Nennen Sie es am Empfang, oder drücken Sie es hier.
texted = Per SMS gesendet.
not-kept = Zu diesem Thema wird nichts aufbewahrt. Notieren Sie Adresse und Nummer.

nothing-found = Nichts gefunden für { $what }. Notiert, ohne Ihren Namen.
no-more = Das ist alles.
unclear = Das habe ich nicht verstanden.
wrong-key = Auf der Taste { $key } ist nichts.
which-one = Welche dieser Adressen?
which-need = Ich bin nicht sicher, was Sie suchen. Ist es dies?
nothing-to-pick = Hier gibt es nichts zu wählen.
no-such-code = Diese Adresse gibt es nicht mehr.

emergency-first = In Gefahr? Legen Sie auf und rufen Sie 1 1 2.
danger = In Gefahr rufen Sie jetzt an.
emergency = { $who }{ $language ->
    [fr] , auf Französisch
    [nl] , auf Niederländisch
    [de] , auf Deutsch
    [en] , auf Englisch
   *[own] { "" }
  }: { $number }.
person = Ein Mensch hilft Ihnen: { $name }. { $phone }. Ich wiederhole: { $phone }.
no-person = Bitten Sie Ihre Gemeinde um Hilfe.
call-back = Jemand ruft Sie zurück. Danach wird Ihre Nummer gelöscht.
when-call = Lieber morgens: Taste 1. Nachmittags: Taste 2. Abends: Taste 3.
morning-noted = Wir rufen Sie morgens an.
afternoon-noted = Wir rufen Sie nachmittags an.
evening-noted = Wir rufen Sie abends an.
stay = Ich höre nichts.
too-long = Dieser Anruf dauert schon lange.
enough = In Gefahr? Rufen Sie 1 1 2. Das sind viele Anrufe. Versuchen Sie es morgen wieder.
to-person = Jemand kann Ihnen helfen.
by-person = Sprechen Sie dafür mit einem Menschen.
doubted = Danke. Notiert.
stopped = Notiert. Wir senden Ihnen nichts mehr.
started = Notiert. Sie können uns wieder schreiben.
thanks = Danke für Ihren Anruf. Auf Wiederhören.
trouble = Es gibt eine Störung. Einen Moment.
