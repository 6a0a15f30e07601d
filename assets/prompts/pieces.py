"""Numbers, hours, days and months as each language says them: the pieces that `say.rs` puts together.

Returned as name -> text. `n25` is a count, `hour3` an hour of the clock, `day25` a day of the month.
"""

import hashlib

COUNTS = [*range(61), 70, 80, 90, *range(100, 1000, 100), *range(1000, 10000, 1000)]
SINO = ["영", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"]
NATIVE = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"]
NATIVE_TENS = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"]
HAN = "〇一二三四五六七八九"
ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
ENGLISH_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
ENGLISH_DAYS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
SPANISH = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro "
    "veinticinco veintiséis veintisiete veintiocho veintinueve"
).split()
SPANISH_TENS = "- - - treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
SPANISH_HUNDREDS = (
    "- cien doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos "
    "novecientos"
).split()
JAPANESE_DAYS = (
    "ついたち ふつか みっか よっか いつか むいか なのか ようか ここのか とおか".split()
)


def text_hash(text):
    """By which the manifest knows the text that a sound was made of."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def korean(count):
    if count < 10:
        return SINO[count]
    unit = next(size for size in (1000, 100, 10) if count >= size)
    head, rest = divmod(count, unit)
    return (("" if head == 1 else SINO[head]) + {1000: "천", 100: "백", 10: "십"}[unit]
            + (korean(rest) if rest else ""))


def native(count):
    """A Korean count before a noun: 스무, but 스물한."""
    tens, ones = divmod(count, 10)
    return "스무" if count == 20 else NATIVE_TENS[tens] + NATIVE[ones]


def han(count, one_before_ten=False):
    if count < 10:
        return HAN[count]
    unit = next(size for size in (1000, 100, 10) if count >= size)
    head, rest = divmod(count, unit)
    skipped = head == 1 and (unit == 10 or not one_before_ten)
    return (("" if skipped else HAN[head]) + {1000: "千", 100: "百", 10: "十"}[unit]
            + (han(rest, one_before_ten) if rest else ""))


def english(count):
    if count < 20:
        return ENGLISH[count]
    if count < 100:
        tens, ones = divmod(count, 10)
        return ENGLISH_TENS[tens] + (" " + ENGLISH[ones] if ones else "")
    unit, word = (1000, "thousand") if count >= 1000 else (100, "hundred")
    return f"{english(count // unit)} {word}"


def spanish(count):
    if count < 30:
        return SPANISH[count]
    if count < 100:
        tens, ones = divmod(count, 10)
        return SPANISH_TENS[tens] + (" y " + SPANISH[ones] if ones else "")
    if count < 1000:
        return SPANISH_HUNDREDS[count // 100]
    return "mil" if count == 1000 else f"{SPANISH[count // 1000]} mil"


def english_day(day):
    if day <= 20:
        return ENGLISH_DAYS[day - 1]
    return "thirtieth" if day == 30 else f"{ENGLISH_TENS[day // 10]} {ENGLISH_DAYS[day % 10 - 1]}"


def japanese_minute(minute):
    sound = {1: "いっぷん", 2: "にふん", 3: "さんぷん", 4: "よんぷん", 5: "ごふん", 6: "ろっぷん",
             7: "ななふん", 8: "はっぷん", 9: "きゅうふん"}
    tens, ones = divmod(minute, 10)
    if ones:
        return sound[ones]
    return {1: "", 2: "に", 3: "さん", 4: "よん", 5: "ご"}[tens] + "じゅっぷん"


def japanese_day(day):
    special = {**dict(enumerate(JAPANESE_DAYS, 1)), 14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか"}
    return special.get(day, f"{han(day)}日")


def ko():
    names = {f"n{count}": korean(count) for count in COUNTS}
    names |= {f"hour{hour}": f"{native(hour)} 시" for hour in range(1, 13)}
    names |= {f"month{month}": {6: "유월", 10: "시월"}.get(month, f"{korean(month)}월") for month in range(1, 13)}
    names |= {f"day{day}": f"{korean(day)}일" for day in range(1, 32)}
    names |= {f"ordinal{place}": "첫 번째" if place == 1 else f"{native(place)} 번째"
              for place in [*range(1, 21), *range(30, 100, 10)]}
    names |= {f"native{tens}": NATIVE_TENS[tens // 10] for tens in range(20, 100, 10)}
    names |= {f"weekday{at}": f"{day}요일" for at, day in enumerate("월화수목금토일", 1)}
    return names | {"ordinal_one": "한 번째", "digit0": "공", "minutes": "분", "am": "오전", "pm": "오후"}


def en():
    names = {f"n{count}": english(count) for count in COUNTS}
    names |= {f"day{day}": english_day(day) for day in range(1, 32)}
    months = ("January February March April May June July August September October November "
              "December").split()
    names |= {f"month{at}": month for at, month in enumerate(months, 1)}
    days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
    names |= {f"weekday{at}": day for at, day in enumerate(days, 1)}
    return names | {"oh": "oh", "oclock": "o'clock", "minutes": "minutes", "minute": "minute",
                    "am": "A.M.", "pm": "P.M."}


def ja():
    names = {f"n{count}": "ゼロ" if count == 0 else han(count) for count in COUNTS}
    names |= {f"hour{hour}": f"{han(hour)}時" for hour in range(1, 13)}
    names |= {f"minute{minute}": japanese_minute(minute) for minute in [*range(1, 11), 20, 30, 40, 50]}
    names |= {f"month{month}": f"{han(month)}月" for month in range(1, 13)}
    names |= {f"day{day}": japanese_day(day) for day in range(1, 32)}
    names |= {f"weekday{at}": f"{day}曜日" for at, day in enumerate("月火水木金土日", 1)}
    return names | {"am": "午前", "pm": "午後"}


def zh():
    names = {f"n{count}": "零" if count == 0 else han(count, True) for count in COUNTS}
    names |= {f"hour{hour}": f"{'两' if hour == 2 else han(hour)}点" for hour in range(1, 13)}
    names |= {f"month{month}": f"{han(month)}月" for month in range(1, 13)}
    names |= {f"day{day}": f"{han(day)}号" for day in range(1, 32)}
    names |= {f"weekday{at}": f"星期{day}" for at, day in enumerate("一二三四五六日", 1)}
    return names | {"digit1": "幺", "ten_after_hundred": "一十", "two_before": "两", "minutes": "分钟",
                    "minute_of_hour": "分", "am": "上午", "pm": "下午"}


def es():
    names = {f"n{count}": spanish(count) for count in COUNTS}
    names |= {f"hour{hour}": "la una" if hour == 1 else f"las {spanish(hour)}" for hour in range(1, 13)}
    months = ("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
              "diciembre").split()
    names |= {f"month{at}": month for at, month in enumerate(months, 1)}
    days = "lunes martes miércoles jueves viernes sábado domingo".split()
    names |= {f"weekday{at}": day for at, day in enumerate(days, 1)}
    return names | {"hundred_and": "ciento", "and": "y", "of": "de", "minutes": "minutos",
                    "minute": "un minuto", "am": "de la mañana", "pm": "de la tarde"}


PIECES = {"ko": ko, "en": en, "ja": ja, "zh": zh, "es": es}
