# Sentences for visitors. Plain words, one idea a sentence.

help = Send a word and your postal code.
    Example: FOOD 1030
    Words: FOOD SLEEP DOCTOR PAPERS AGENDA
where = { $what }: where?
    Send your postal code. Example: { $example }
where-again = Where? Send your word and your postal code together. Nothing is kept.
send-code = Send a code to know more.
what = { $place }: what do you need?
unclear = I did not understand.
readable = I read a text, a location or a voice message, but not this.
refuge = Open: { $name }. Send { $code }
which-one = Which one? Send its digit.
which-need = I am not sure what you need. Is it:
nothing-to-pick = Send a word and your postal code. Example: FOOD 1030
no-such-choice = There is nothing on { $number }.
nothing-found = Nothing found for { $what }.
    Noted, without your name.
instead = { $what }: nothing found.
no-more = That is all.
person = A person can help you: { $name }, { $phone }
no-person = Ask your town hall for help.
call-back = A person will call you back. Your number is erased afterwards.
chat-back = A person will answer you here.
share-where = 📍 My position
erase = Erase
too-old = One of the messages is too old: erase it yourself.
when-call = When? 1 morning, 2 afternoon, 3 evening
morning-noted = Morning: noted.
afternoon-noted = Afternoon: noted.
evening-noted = Evening: noted.
or-call = To call now: { $name }, { $phone }
stopped = Noted. We will send you nothing more. To begin again: START
started = Hello. You can write to us again.
emergency-first = In danger? Call 112.
enough = That is a lot of messages. Try again in an hour.
thanks = You are welcome. Have a good day.
language-set = English: noted.
which-language = Which language?
    1 Français
    2 Nederlands
    3 Deutsch
    4 English
which-ticket = Which ticket? Send its 5 digits.
texted = Sent by text message.
ticket-is = Your ticket: { $number }. It works here, by text message and by phone, for 60 days.
not-kept = On this subject nothing is kept. Note the address and the number.
misread-code = This code is not right. Read the code again: 5 letters and digits, like { $example }.
no-such-code = No entry has the code { $code }.
misread-ticket = This ticket number is not right. Read its 5 digits again.
no-such-ticket = I cannot find this ticket.
doubted = Thank you. Noted for { $name }.
doubt-which = Thank you. Which entry is wrong? Send its code of 5 letters and digits.
offer-by-person = Thank you! To publish your offer, talk to a person.
offer-nowhere = Thank you! We cannot publish this here yet. Ask your town hall.
request-by-person = Nobody offers this here yet.
danger = In danger? Call now:
or-place = Or { $name }, { $phone }
erase-this = Erase this message.
discreet = discreet

key-pick = Reply { $range }.
or = or
key-more = More
key-person = Help
key-keep = Ticket
key-back = Back

open-always = day and night
open-until = until { $hour }
open-until-night = until { $hour } tonight
open-until-morning = until { $hour } tomorrow morning
opens = opens { $hour }
closed = closed
hours-unknown = hours unknown
hours-by-phone = hours: phone
cancelled = cancelled
postponed = postponed
full = full
phone-first = phone first

free = free
free-if = on a condition
paid = not free
price = €{ $price }
pay-what-you-can = pay what you can

only-for = { $who } only
audience-women = women
audience-men = men
audience-youth = young people
audience-families = families
audience-seniors = older people
audience-exiles = refugees
audience-homeless = homeless people
audience-disability = disabled people
audience-lgbtq = LGBTQ+
audience-ex-prisoners = former prisoners
audience-students = students
audience-low-income = low incomes

verified = Checked { $day }
source-of = From the source, { $day }
stale = Not checked for { $months } months, phone first
unverified = Not checked, phone first
doubtful = Perhaps wrong, phone first

telephone = Tel { $phone }
by-appointment = by appointment
by-referral = through a social service
always = Day and night
open-now = open now
demo = DEMO
agenda = Agenda
search = your search

today = today
tomorrow = tomorrow
weekdays = Mon Tue Wed Thu Fri Sat Sun
hour = { $hour }:00
hour-minutes = { $hour }:{ $minutes }
