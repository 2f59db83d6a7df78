# What a caller hears. One idea a sentence; first the aim, then the key.

hello = For English, press 4.
door = { $label }: press { $key }.
more-doors = Other choices: press 8.
everything = To hear everything: press 8.
ticket-key = A ticket number: press 7.
global-keys = A person: press 0. Back: star. Repeat: hash. End: press 9.
no-more-calls = Not to be called back any more: press 9.
recall-stopped = Noted. We do not call you back any more. Goodbye.

demo = This is a trial. The addresses are invented.
agenda = Agenda
instead = { $what }: nothing found. This is close to it.
open-now = open now
search = Your search
entry = { $number }: { $name }.
kilometres = { $number } kilometres.
pick-one = To hear all: press { $key }.
pick-some = To hear all: press its number.
more = For the next ones: press 8.
keep-text = To get a text message: press 7.
keep-number = For a ticket number: press 7.
slower = More slowly: press 5.
back = To go back: star.

open = open day and night
open-until = open until { $hour }
opens = opens { $when }
at-today = today at { $hour }
at-tomorrow = tomorrow at { $hour }
at-day = { $day } at { $hour }
today = today
tomorrow = tomorrow
takes-place = { $when }

phone = Telephone: { $phone }. I repeat: { $phone }.
no-phone = No telephone.

where = Where do you look? Press the { $digits } digits of your postal code.
where-here = For { $place }: press hash.
which-ticket = Press the 5 digits of the ticket.
misread-ticket = This number is not right. Press the 5 digits again.
no-such-ticket = I cannot find this ticket. Press the 5 digits.
ticket-is = Your ticket: { $number }. I repeat: { $number }. Say it at the desk, or press it here.
texted = Sent by text message.
not-kept = On this subject nothing is kept. Note the address and the number.

nothing-found = Nothing found for { $what }. Noted, without your name.
no-more = That is all.
unclear = I did not understand.
wrong-key = There is nothing on key { $key }.
which-one = Which of these addresses?
which-need = I am not sure what you need. Is it this?
nothing-to-pick = There is nothing to choose here.
no-such-code = This address does not exist any more.

emergency-first = In danger? Hang up and call 1 1 2.
danger = In danger, call now.
emergency = { $who }{ $language ->
    [fr] , in French
    [nl] , in Dutch
    [de] , in German
    [en] , in English
   *[own] { "" }
  }: { $number }.
person = A person helps you: { $name }. { $phone }. I repeat: { $phone }.
no-person = Ask your town hall for help.
call-back = A person will call you back. Then your number is erased.
when-call = You like the morning best: press 1. The afternoon: press 2. The evening: press 3.
morning-noted = We call you in the morning.
afternoon-noted = We call you in the afternoon.
evening-noted = We call you in the evening.
stay = I hear nothing.
too-long = This call has lasted long.
enough = In danger? Call 1 1 2. That is a lot of calls. Try again tomorrow.
to-person = A person can help you.
by-person = For that, see a person.
doubted = Thank you. Noted.
stopped = Noted. We send you nothing any more.
started = Noted. You can write to us again.
thanks = Thank you for calling. Goodbye.
trouble = We have a problem. One moment.
