// Names, phone numbers and birthdays of people who do not exist, for the members of the demo shop.

const SURNAMES = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段',
  '欧阳',
  '上官',
]
const FIRST = '子雨思梓佳欣嘉文晓诗宇浩俊静雅若书明清安景锦沐芷语知亦一以心云秋春夏冬初念彦泽逸凌修怀南北星乐言可'
const SECOND = '涵萱怡琪瑶轩杰豪然宁洁颖慧琳妍婷薇蕾晴岚航博睿哲阳晨辰帆峰远川歌禾舟鸣遥棠溪月霖乔安珊彤'
const SINGLE = '伟芳娜敏静丽强磊军洋勇艳杰娟涛超霞平刚玲桂英华亮蕊楠悦宁倩颖琳'

const DEMO_NAME = '林知夏'
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const LUNAR_SHARE = 0.15

/** Birthdays that calendars get wrong; the demo shows that this one does not. */
const AWKWARD = [
  { calendar: 'solar', month: 2, day: 29 },
  { calendar: 'lunar', month: 12, day: 30 },
  { calendar: 'lunar', month: 6, day: 15 },
  { calendar: 'lunar', month: 1, day: 1 },
]

function inventBirthday(random) {
  const month = 1 + random.below(12)
  if (random.next() < LUNAR_SHARE) return { calendar: 'lunar', month, day: 1 + random.below(29) }
  return { calendar: 'solar', month, day: 1 + random.below(MONTH_DAYS[month - 1]) }
}

function inventName(random) {
  const surname = random.pick(SURNAMES)
  return random.next() < 0.18
    ? surname + random.pick([...SINGLE])
    : surname + random.pick([...FIRST]) + random.pick([...SECOND])
}

/** One member per customer number, in the same order: { no, name, phone, birthday }. Names and phones occur once. */
export function inventMembers(numbers, random) {
  const names = new Set([DEMO_NAME])
  while (names.size < numbers.length) names.add(inventName(random))
  const phones = random.shuffle(
    Array.from({ length: 10_000 }, (_, index) => `1990000${String(index).padStart(4, '0')}`),
  )
  return [...names].map((name, index) => ({
    no: numbers[index],
    name,
    phone: phones[index],
    // The demo's own member has an ordinary birthday, the next few the awkward ones.
    birthday: (index > 0 && AWKWARD[index - 1]) || inventBirthday(random),
  }))
}
