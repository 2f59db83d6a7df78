# TO BE READ BY A NATIVE SPEAKER BEFORE USE. Authored with care, checked by nobody yet.
# Numbers, addresses and phone numbers stay in Latin script, so that a passer-by can help.

title = عناوينكم
title-one = عنوانكم
title-neutral = للتذكير
ticket = رقم ورقتكم: { $ticket }
demo = DEMO

weekdays = الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
months = يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
first-day = 1
day = { $day } { $month }
day-year = { $day } { $month } { $year }
weekday-day = { $weekday } { $day }
moment = { $day }، الساعة { $hour }
hour = { $hour }:00
hour-minutes = { $hour }:{ $minutes }
between = من { $from } إلى { $to }
between-days = من { $from } إلى { $to } في اليوم التالي
until-night = { $hour } هذه الليلة
until-morning = { $hour } صباح الغد
and-again = { $first } و{ $second }
days-two = { $first } و{ $last }
days-from-to = من { $first } إلى { $last }
open-days = { $days }، { $hours }
every-day = كل يوم

always = ليلا ونهارا، كل يوم
closed = مغلق حاليا
hours-unknown = المواعيد غير معروفة
hours-by-phone = المواعيد: اتصلوا أولا
cancelled = ملغى
postponed = مؤجل
full = لا يوجد مكان
phone-first = لا تذهبوا. اتصلوا أولا.

free = مجاني
free-if = مجاني بشرط
paid = بمقابل مالي
price = السعر: { $price } يورو
pay-what-you-can = تدفعون ما تريدون
by-appointment = بموعد
walk-in = بدون موعد
by-referral = يجب أن ترسلكم مصلحة اجتماعية
only-for = فقط لـ: { $who }
audience-women = النساء
audience-men = الرجال
audience-youth = الشباب
audience-families = العائلات
audience-seniors = كبار السن
audience-exiles = اللاجئين
audience-homeless = من لا مأوى لهم
audience-disability = ذوي الإعاقة
audience-lgbtq = مجتمع الميم
audience-ex-prisoners = السجناء السابقين
audience-students = الطلاب
audience-low-income = أصحاب الدخل المحدود
conditions = للعلم: { $text }

phone = الهاتف: { $phone }
way = للوصول: { $text }
metres = على بعد حوالي { $number } متر من هنا
kilometres = على بعد حوالي { $number } كم من هنا

verified = تم التحقق يوم { $day } من طرف شخص
verified-phone = تم التحقق يوم { $day } بالهاتف
verified-visit = تم التحقق يوم { $day } في المكان
source-of = حسب المصدر، يوم { $day }
stale = لم يتم التحقق منذ { $months } أشهر. اتصلوا أولا.
unverified = لم يتم التحقق. اتصلوا أولا.
doubtful = ربما خطأ. اتصلوا أولا.
code = الرمز { $code }

question = عندكم سؤال؟ اتصلوا:
text-ticket = برسالة SMS: أرسلوا TICKET { $ticket } إلى { $phone }
keep = صالح لشهر واحد. احفظوا الورقة بعيدا عن الشمس.
helper = لمن يساعدكم، لأولادكم، للمساعدة الاجتماعية:
torn = هذه الورقة غير كاملة. الورقة الصحيحة تتبعها.

theme-food = الطعام
theme-shelter = مكان للنوم
theme-housing = السكن
theme-wash = الاستحمام
theme-goods = ملابس وأغراض
theme-health = الصحة
theme-mind = شخص يستمع إليكم
theme-papers = الأوراق
theme-rights = الحقوق
theme-money = المال والديون
theme-work = العمل
theme-learn = التعلم
theme-digital = الحاسوب والهاتف
theme-family = الأطفال والعائلة
theme-care = كبار السن والإعاقة
theme-safety = خطر
theme-mobility = التنقل
theme-social = الخروج واللقاء
theme-green = الحدائق والطبيعة
theme-civic = المشاركة

door-eat = الأكل
door-home = النوم والسكن
door-health = العلاج
door-papers = الأوراق والحقوق
door-learn = التعلم والعمل
door-out = الخروج، الأنشطة
door-family = الأطفال والعائلة
door-care = كبار السن، الإعاقة
door-goods = ملابس وأغراض
door-mobility = التنقل
door-together = الحي والتضامن
door-safety = خطر
