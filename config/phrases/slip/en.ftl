# The slip. Easy to read: one idea a sentence, at most 12 words, dates and hours in full.

title = Your addresses
title-one = Your address
title-neutral = Notes
ticket = Your ticket: { $ticket }
demo = DEMO

weekdays = Monday Tuesday Wednesday Thursday Friday Saturday Sunday
months = January February March April May June July August September October November December
first-day = 1
day = { $day } { $month }
day-year = { $day } { $month } { $year }
weekday-day = { $weekday } { $day }
moment = { $day }, { $hour }
hour = { $hour }:00
hour-minutes = { $hour }:{ $minutes }
between = { $from } to { $to }
between-days = { $from } to { $to } the next day
until-night = { $hour } tonight
until-morning = { $hour } tomorrow morning
and-again = { $first } and { $second }
days-two = { $first } and { $last }
days-from-to = { $first } to { $last }
open-days = { $days }, { $hours }
every-day = every day

always = Day and night, every day
closed = Closed for now
hours-unknown = Hours not known
hours-by-phone = Hours: phone first
cancelled = Cancelled
postponed = Postponed
full = Full
phone-first = Do not go there. Phone first.

free = Free
free-if = Free on a condition
paid = Not free
price = Price: { $price } euros
pay-what-you-can = You pay what you can
by-appointment = By appointment
walk-in = No appointment needed
by-referral = A social service must send you
only-for = Only for: { $who }
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
conditions = Please note: { $text }

phone = Tel. { $phone }
way = How to get there: { $text }
metres = About { $number } metres from here
kilometres = About { $number } km from here

verified = Checked on { $day } by a person
verified-phone = Checked on { $day } by phone
verified-visit = Checked on { $day } on the spot
source-of = From the source, on { $day }
stale = Not checked for { $months } months. Phone first.
unverified = Not checked. Phone first.
doubtful = Perhaps wrong. Phone first.
code = Code { $code }

question = A question? Call:
text-ticket = By SMS: TICKET { $ticket } to { $phone }
keep = Good for 1 month. Keep it out of the sun.
helper = For your helper, your child, your social worker:
torn = This paper is not complete. The right one follows.
