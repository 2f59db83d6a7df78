# To be read by a native speaker before use.
name = العربية
hello = مرحبا
touch = المسوا الشاشة
choose-language = اختاروا لغتكم
what = عمّ تبحثون؟
near = بالقرب من هنا
touch-picture = المسوا صورة، أو اضغطوا رقمها.

listen = استماع
volume = الصوت
silence = صمت
star = نجمة
hash = مربع
more = التالي
help = مساعدة
done = انتهيت
back = رجوع
language = اللغة
letters = +Aa
contrast = أ/ب
print = طباعة
open-only = مفتوح
ticket = الورقة
yes = نعم
no = لا شكرا

page = صفحة { $page } من { $pages }
places = { $number } أماكن
one-place = مكان واحد
nothing = لم نجد شيئا بالقرب من هنا.
nothing-noted = سجلنا ذلك، بدون اسمكم.
ask-person = يمكن لشخص أن يبحث معكم.
searching = أبحث…
trouble = البحث لا يعمل الآن.
trouble-person = يمكن لشخص مساعدتكم. اضغطوا 0.

open = مفتوح
open-until = مفتوح حتى { $hour }
opens = يفتح { $when }
closed = مغلق حاليا
today-at = اليوم { $hour }
tomorrow-at = غدا { $hour }
day-at = { $day } { $hour }
on-foot = { $minutes } دقائق مشيا
here = هنا
take = + الورقة
taken = على الورقة
add = إضافة إلى الورقة
remove = حذف { $number }
wrong = هل هذا خطأ؟
wrong-noted = شكرا. سيتحقق شخص من ذلك.

agenda = الخروج، الأنشطة
no-event = لا شيء في هذا اليوم.
today = اليوم
walk = دقائق مشيا

your-ticket = ورقتكم
addresses = { $number } عناوين، مجانا
one-address = عنوان واحد، مجانا
empty-ticket = ورقتكم فارغة.
large = حروف كبيرة
second = + { $language }
read-all = قراءة الكل
full-ticket = في الورقة { $number } عناوين على الأكثر.

printing = ورقتكم تُطبع.
printed = خذوا ورقتكم.
its-number = رقمها: { $ticket }
no-paper = لم يبق ورق.
no-paper-wait = ستخرج ورقتكم مع ورق جديد.
no-printer = الطابعة لا تجيب.
no-printer-person = يمكن لشخص كتابة العنوان لكم.
text-it = برسالة SMS: TICKET { $ticket }

person = سيساعدكم شخص.
person-here = نداء شخص
person-where = اذهبوا إلى الاستقبال.
person-called = سجلنا ذلك. اذهبوا إلى الاستقبال.
call-desk = اتصلوا بـ { $name }:
not-found = لم أجد
what-lacks = ما الذي ينقص؟
lack-noted = شكرا. سجلنا ذلك، بدون اسمكم.

danger = في خطر؟ اتصلوا الآن:
still-there = هل ما زلتم هنا؟
touch-to-stay = المسوا الشاشة للمتابعة.
erases-in = تُمحى الشاشة بعد { $seconds } ثانية.
stay = نعم، أتابع
erase = انتهيت، امحوا
cleaning = تنظيف الشاشة
cleaning-left = بقي { $seconds } ثانية.
demo = عرض تجريبي: عناوين مخترعة.
