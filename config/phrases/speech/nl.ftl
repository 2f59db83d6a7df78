# Wat een beller hoort. Eén idee per zin; eerst het doel, dan de toets.

hello = Voor Nederlands, druk 2.
door = { $label }: druk { $key }.
more-doors = Andere keuzes: druk 8.
everything = Alles horen: druk 8.
ticket-key = Een ticketnummer: druk 7.
global-keys = Een persoon: druk 0. Terug: sterretje. Herhalen: hekje. Stoppen: druk 9.
no-more-calls = Niet meer teruggebeld worden: druk 9.
recall-stopped = Genoteerd. Wij bellen u niet meer terug. Tot ziens.

demo = Dit is een test. De adressen zijn verzonnen.
agenda = Agenda
instead = { $what }: niets gevonden. Dit komt in de buurt.
open-now = nu open
search = Uw zoekopdracht
entry = { $number }: { $name }.
kilometres = { $number } kilometer.
pick-one = Om alles te weten: druk { $key }.
pick-some = Om alles te weten: druk op het nummer.
more = Voor de volgende: druk 8.
keep-text = Om een sms te krijgen: druk 7.
keep-number = Voor een ticketnummer: druk 7.
slower = Trager: druk 5.
back = Om terug te gaan: sterretje.

open = dag en nacht open
open-until = open tot { $hour }
opens = opent { $when }
at-today = vandaag om { $hour }
at-tomorrow = morgen om { $hour }
at-day = { $day } om { $hour }
today = vandaag
tomorrow = morgen
takes-place = { $when }

phone = Telefoon: { $phone }. Ik herhaal: { $phone }.
no-phone = Geen telefoon.

where = Waar zoekt u? Druk de { $digits } cijfers van uw postcode.
where-here = Voor { $place }: druk hekje.
which-ticket = Druk de 5 cijfers van het ticket.
misread-ticket = Dit nummer klopt niet. Druk de 5 cijfers opnieuw.
no-such-ticket = Ik vind dit ticket niet. Druk de 5 cijfers.
ticket-is = Uw ticket: { $number }. Ik herhaal: { $number }. Zeg het aan het onthaal, of druk het hier.
texted = Verstuurd per sms.
not-kept = Over dit onderwerp wordt niets bewaard. Noteer het adres en het nummer.

nothing-found = Niets gevonden voor { $what }. Genoteerd, zonder uw naam.
no-more = Dat is alles.
unclear = Ik heb het niet begrepen.
wrong-key = Op toets { $key } staat niets.
which-one = Welk van deze adressen?
which-need = Ik ben niet zeker wat u zoekt. Is het dit?
nothing-to-pick = Hier is niets te kiezen.
no-such-code = Dit adres bestaat niet meer.

emergency-first = In gevaar? Leg in en bel 1 1 2.
danger = In gevaar, bel nu.
emergency = { $who }{ $language ->
    [fr] , in het Frans
    [nl] , in het Nederlands
    [de] , in het Duits
    [en] , in het Engels
   *[own] { "" }
  }: { $number }.
person = Iemand helpt u: { $name }. { $phone }. Ik herhaal: { $phone }.
no-person = Vraag hulp aan uw gemeente.
call-back = Iemand belt u terug. Daarna wordt uw nummer gewist.
when-call = Liefst in de voormiddag: druk 1. In de namiddag: druk 2. 's Avonds: druk 3.
morning-noted = Wij bellen u in de voormiddag.
afternoon-noted = Wij bellen u in de namiddag.
evening-noted = Wij bellen u 's avonds.
stay = Ik hoor niets.
too-long = Dit gesprek duurt al lang.
enough = In gevaar? Bel 1 1 2. Dat zijn veel oproepen. Probeer morgen opnieuw.
to-person = Iemand kan u helpen.
by-person = Spreek daarvoor met een persoon.
doubted = Dank u. Genoteerd.
stopped = Genoteerd. Wij sturen u niets meer.
started = Genoteerd. U kunt ons weer schrijven.
thanks = Dank u voor uw oproep. Tot ziens.
trouble = Er is een storing. Een ogenblik.
