// Chinese names and categories for goods that are described in English capitals, by rule: the best sellers by hand
// (names.txt), all others word by word (words.txt) in the order that Chinese wants: traits first, the thing itself last.
import { readFileSync } from 'node:fs'

const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8')
const isEntry = (line) => line !== '' && !line.startsWith('#')

const byHand = new Map(
  read('names.txt')
    .split('\n')
    .filter(isEntry)
    .map((line) => line.split(/=(.*)/s).slice(0, 2)),
)

/** Phrase -> { chinese, kind }, kind one of 'things', 'motifs', 'traits'. */
const dictionary = new Map()
let kind = ''
for (const line of read('words.txt').split('\n').filter(isEntry)) {
  const section = /^\[(\w+)\]$/.exec(line)
  if (section) kind = section[1]
  else
    for (const entry of line.split('|')) {
      const [english, chinese] = entry.split('=')
      dictionary.set(english.trim(), { chinese: chinese.trim(), kind })
    }
}
const LONGEST_PHRASE = Math.max(...[...dictionary.keys()].map((phrase) => phrase.split(' ').length))

/** Goods are sorted into the first category whose words they contain; the order settles what matches twice. */
const CATEGORIES = [
  ['服务', /^(POSTAGE|CARRIAGE|MANUAL|DISCOUNT|DOTCOM POSTAGE|BANK CHARGES|PACKING CHARGE|NEXT DAY CARRIAGE)$/],
  [
    '节庆',
    /CHRISTMAS|EASTER|ADVENT|BUNTING|BAUBLE|TINSEL|REINDEER|SANTA|STOCKING|GARLAND|WREATH|BALLOON|PARTY|CONFETTI|CRACKERS|HALLOWEEN|VALENTINE|PAPER CHAIN/,
  ],
  [
    '饰品',
    /NECKL|BRACELET|BANGLE|EARRING|BROOCH|HAIR|TIARA|KEY ?RING|PHONE CHARM|BAG CHARM|\bRING\b|PENDANT|SCARF|GLOVES|SUNGLASSES|PURSE|JEWELLERY/,
  ],
  [
    '童趣',
    /CHILD|KIDS|TOY|DOLL\b|DOLLS|JIGSAW|PUZZLE|PUPPET|SKITTLES|SPINNING TOP|DOMINOES|GAME|PLAYHOUSE|SKIPPING|MARBLES|HARMONICA|GLIDER|PLASTERS|MONEY BANK|PIGGY|BABY|HELICOPTER|FELTCRAFT|MAGIC DRAWING|ROCKING HORSE|SNAP CARDS|HEADS AND TAILS|LUDO/,
  ],
  [
    '园艺',
    /GARDEN|WATERING|PLANT|BIRD ?HOUSE|FEEDER|HERB|SEED|TROWEL|SPADE|RAKE|ARTIFICIAL FLOWER|ARTIIFCIAL|PARASOL|GNOME|TRELLIS|WINDMILL|HAMMOCK|GAZEBO/,
  ],
  [
    '家居香氛',
    /CANDLE|T-LIGHT|TEALIGHT|INCENSE|SCENT|FRAGRANCE|VOTIVE|LANTERN|NIGHT LIGHT|LIGHTS\b|LAMP|CHANDELIER|OIL BURNER|SOAP|BATH/,
  ],
  [
    '餐厨',
    /CAKE|MUG|\bCUP|TEA\b|TEAPOT|TEACUP|COFFEE|BOWL|PLATE|DISH|CUTLERY|SPOON|FORK|KITCHEN|BAKING|COOKIE|MOULD|JUG|BOTTLE OPENER|APRON|OVEN|NAPKIN|PLACEMAT|COASTER|TABLECLOTH|TRAY|EGG|JAM|SPICE|SALT|BEAKER|STRAWS|FOOD|CHOPPING|PAN\b|POPCORN|TOAST|WINE|GLASS(ES)?$|GOBLET|DOILIES|PICNIC|LOLLY/,
  ],
  [
    '文具',
    /CARD|WRAP|PENCIL|\bPEN\b|\bPENS\b|NOTEBOOK|SKETCHBOOK|JOURNAL|STICKER|STAMP|ERASER|RUBBER|RULER|SHARPENER|RIBBON|TAPE|TISSUE|ENVELOPE|STATIONERY|WRITING|BOOK|CHALK|MEMO|GIFT TAG|MAGNET|INVITE|CALENDAR|ALBUM|TAGS/,
  ],
  [
    '收纳',
    /BAG|BOX|BASKET|STORAGE|DRAWER|CABINET|RACK|HOOK|HANGER|TIN\b|TINS\b|JAR|SHELF|ORGANISER|TIDY|BIN\b|CHEST|SHOPPER|WALLET|CASE|HOLDER|BUCKET|CRATE|HAMPER/,
  ],
  [
    '暖居',
    /HOT WATER BOTTLE|HAND WARMER|CUSHION|DOORMAT|QUILT|THROW|SLIPPER|BLANKET|COSY|UMBRELLA|RUG\b|TOWEL|FLANNEL/,
  ],
  ['家饰', /./],
]

/** The category of an article by the words of its description. */
export function categoryOf(description) {
  const text = description.toUpperCase().replace(/\s+/g, ' ').trim()
  return CATEGORIES.find(([, pattern]) => pattern.test(text))[0]
}

/** Takes the count out of 'SET OF 3 …', 'PACK OF 72 …', 'SET/6 …', '12 PENCILS …' and gives it as a Chinese remark. */
function splitCount(text) {
  const counted =
    /\b(SETS?|PACKS?|BOX|TUB|BUNDLE|S)\s*(?:OF\s*|\/\s*)?(\d+)\b(?:\s*(?:PC|PCS|PIECES?))?/.exec(text) ??
    /\b()(\d+)\s*(?:PCS?|PIECES?)\b/.exec(text) ??
    /^()(\d+)\s+(?=[A-Z])/.exec(text)
  if (!counted || Number(counted[2]) < 2) return { rest: text, remark: '' }
  const unit = /^(PACKS?|BOX|TUB)$/.test(counted[1]) ? '个装' : '件套'
  return { rest: text.replace(counted[0], ' '), remark: `（${counted[2]} ${unit}）` }
}

/** What tells a set of numbers or letters apart: 'NUMBER TILE VINTAGE FONT 7', 'LETTER "C" BLING KEY RING'. */
function readMark(text) {
  const mark = /\bLETTER "?([A-Z])"?\b/.exec(text)?.[1] ?? /(?:NUMBER TILE|DOOR SIGN)\b.* (\d)$/.exec(text)?.[1]
  return mark ? `「${mark}」` : ''
}

/** The longest dictionary phrases of a text from left to right; unknown words are left out. */
function readPhrases(text) {
  const words = text.split(/[^A-Z0-9&+'./-]+/).filter(Boolean)
  const phrases = []
  for (let start = 0; start < words.length; ) {
    let length = Math.min(LONGEST_PHRASE, words.length - start)
    while (length > 0 && !dictionary.has(words.slice(start, start + length).join(' '))) length--
    if (length > 0) phrases.push(dictionary.get(words.slice(start, start + length).join(' ')))
    else {
      // 'BLUE/GREEN', 'TEA+COFFEE' are two words written as one.
      const parts = words[start].split(/[/+&-]/).filter(Boolean)
      if (parts.length > 1) for (const part of parts) if (dictionary.has(part)) phrases.push(dictionary.get(part))
    }
    start += Math.max(length, 1)
  }
  return phrases.filter((phrase) => phrase.chinese)
}

/** Moves the thing to the end ('LUNCH BAG SPACEBOY' -> 太空男孩午餐袋) and drops words said twice. */
function arrange(phrases) {
  const last = (wanted) => phrases.findLastIndex((phrase) => phrase.kind === wanted)
  const head = last('things') >= 0 ? last('things') : last('motifs')
  const order = head < 0 ? phrases : [...phrases.filter((_, index) => index !== head), phrases[head]]
  const words = order.map((phrase) => phrase.chinese)
  return words.filter((word, index) => !words.slice(index + 1).some((later) => later.includes(word))).join('')
}

/** A Chinese name by rule, or '' when not one word of the description is known. */
export function translate(description) {
  const text = description.toUpperCase().replace(/["*]/g, ' ').replace(/,/g, ' ').replace(/\s+/g, ' ').trim()
  const { rest, remark } = splitCount(text)
  const [, main, preposition, extra] = /^(.+?)\s(WITH|W|IN|ON|FOR)\s(.+)$/.exec(rest) ?? [null, rest, '', '']
  const name = arrange(readPhrases(main)) && `${arrange(readPhrases(main))}${readMark(text)}`
  const addition = arrange(readPhrases(extra))
  if (!name) return addition && `${addition}${remark}`
  // 'LOVE IN LONDON' and the like read better as one name than with a remark of one motif.
  if (!addition) return `${name}${remark}`
  return preposition === 'WITH' || preposition === 'W'
    ? `${name}（配${addition}）${remark}`
    : `${name}（${addition}）${remark}`
}

/** Names for goods: [{ sku, description }] -> Map sku -> { name, category }; no two goods share a name. */
export function nameGoods(goods) {
  const taken = new Set()
  const named = new Map()
  for (const { sku, description } of goods) {
    const category = categoryOf(description)
    const base = byHand.get(sku) ?? (translate(description) || `${category}精选`)
    let name = base
    for (let style = 2; taken.has(name); style++) name = `${base} · 款式 ${style}`
    taken.add(name)
    named.set(sku, { name, category })
  }
  return named
}
