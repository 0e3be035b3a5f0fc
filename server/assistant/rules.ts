import type { Hit, Index } from './retrieval'
import { normalise } from './words'

export const assistantPolicy = {
  /** Questions of one member in a minute and in 24 hours. */
  perMinute: 12,
  perDay: 200,
  /** Lines of a conversation that are shown. */
  shown: 60,
  /** An entry answers when it covers this share of the question's weight. */
  answerFrom: 0.47,
  /** Below that but above this, entries are offered to tap. */
  offerFrom: 0.2,
  maxFaqs: 300,
} as const

/** What the assistant looks up in the member's own data. */
export type OwnTopic =
  | 'points.balance'
  | 'points.expiring'
  | 'points.history'
  | 'points.earn'
  | 'tier.now'
  | 'tier.gap'
  | 'tier.keep'
  | 'tier.benefits'
  | 'coupon.list'
  | 'coupon.why'
  | 'coupon.expiring'
  | 'order.recent'
  | 'order.refund'
  | 'birthday.gift'
  | 'profile.phone'
  | 'stores'

/** How a sentence was taken. */
export type Understood =
  | { kind: 'own'; topic: OwnTopic }
  | { kind: 'faq'; id: string; hits: Hit[] }
  | { kind: 'handover' }
  | { kind: 'refused'; why: 'others' | 'orders' }
  | { kind: 'chat'; what: 'hello' | 'thanks' | 'bye' | 'who' }
  | { kind: 'unknown'; hits: Hit[] }

interface Rule {
  topic: OwnTopic
  /** Every one must be found. */
  all: readonly RegExp[]
  /** None may be. */
  none?: RegExp
}

const asks = /多少|几|余额|剩|查|看看|看下|还有|总共|一共|现有|目前|现在/
const fails =
  /用不了|不能用|没法用|无法|不可用|不给用|用不上|使用不了|用不成|失败|不能使用|核销不了|不让用|为什么不|用不掉|扫不了/

/** Rules in their order; the first that fits is taken. They read normalised text (words.ts). */
const own: readonly Rule[] = [
  { topic: 'coupon.why', all: [/券/, fails] },
  { topic: 'coupon.expiring', all: [/券/, /过期|快没|最后一天/], none: /过期.*(还能|怎么办|能用|补|延期|退)|延期/ },
  {
    topic: 'points.history',
    all: [/积分/, /明细|记录|流水|变动|少了|变少|扣了|被扣|扣掉|去哪|没到账|没给|没有到|没加|不见了|不对/],
    none: /怎么(得|赚|攒)|退款后/,
  },
  {
    topic: 'points.expiring',
    all: [/积分/, /过期|快没|有效期|多久.*(没|失)|什么时候没/],
    none: /还能|补|延期|延长|找回|恢复/,
  },
  {
    topic: 'points.earn',
    all: [
      /(怎么|哪些|什么(办法|方式|途径)|靠什么).*(得|赚|攒|获|拿|累|涨|多弄|增加).{0,4}积分|积分.{0,3}(怎么|咋)(得|赚|攒|来|获|累|算|涨|增加)|多(得|攒|赚).*积分/,
    ],
    none: /抵|换|用|花/,
  },
  {
    topic: 'points.balance',
    all: [/积分/, asks],
    none: /得|赚|攒|换|抵|值|元|块|钱|送|升|怎么|为什么|退|补|到账|邀请|评价|晒|签到|用途|什么用|生日/,
  },
  { topic: 'points.balance', all: [/^(查|看|我)*(积分|我积分|查积分|看积分)$/] },
  { topic: 'tier.keep', all: [/保级|降级|等级.*(有效期|过期|保持|保住|多久)|保住.*等级/], none: /为什么.*要/ },
  {
    topic: 'tier.gap',
    all: [
      /升级|下一级|下一个等级|下个等级|升到|升金|升银|升黑|离.*(还差|差)|还差.*(成长值|升|等级)|成长值.*(差|还要|还缺|够)|再(消费|花|买)?多少.*(升|等级)/,
    ],
    none: /升级.*(好处|权益|礼|有什么)|规则|怎么算|微信|系统|版本|软件|直接给/,
  },
  {
    topic: 'tier.benefits',
    all: [/权益|特权|等级.*(好处|福利|优惠|待遇)|(金|银|黑|叶|普通).{0,3}(会员|卡).*(好处|福利|优惠|待遇|有什么)/],
  },
  {
    topic: 'tier.now',
    all: [/等级|成长值|(金|银|黑).{0,2}(卡|会员)/, /我|多少|什么|哪|几|查|现在|目前|当前/],
    none: /怎么|规则|是什么意思|为什么|区别|一样|倍|有什么用|有几个|有哪些|干什么|干嘛|干啥|取消|给我/,
  },
  {
    topic: 'coupon.list',
    all: [/券/, /我|几张|多少|哪些|有什么|查|看看|看下|还有|剩/],
    none: /怎么|叠加|一起用|找零|兑现|换钱|送|退|补|领|为什么|兑换|多少钱|买|过期|丢|取消|给我/,
  },
  {
    topic: 'order.refund',
    all: [/退款/, /到哪|进度|多久|没到|还没|什么时候|几天|状态|到账|好了|成功|收到|处理|怎么样了/],
    none: /积分|券|成长值/,
  },
  {
    topic: 'order.recent',
    all: [
      /(订单|消费|单子|小票|那笔|那单|上次|最近|上回|昨天|前天|上周).*(到哪|状态|怎么样|查|多少|记录|明细|花|什么|在哪家|买了|钱)|(我|查|看).{0,4}(订单|消费记录|消费|账单|单子)/,
    ],
    none: /怎么(得|退|开)|积分|券|退款|发票|升|等级|成长值|倍|导出|补|满/,
  },
  {
    topic: 'birthday.gift',
    all: [/生日/, /礼|券|送|有什么|福利|惊喜|优惠|收到|领|什么时候|到了/],
    none: /修改|改|填错|怎么填|设置|农历|阳历|公历|错过|补/,
  },
  {
    topic: 'profile.phone',
    all: [/手机号|手机尾号/, /(我|绑定|绑|预留|登记).*(是|哪|多少|什么|查|尾号)|哪个|尾号/],
    none: /修改|怎么|换|安全|泄露|解绑|为什么|不用了/,
  },
  {
    topic: 'stores',
    all: [/门店|地址|营业时间|(哪里|哪儿|哪).*(有店|店)|店.*(在哪|几点|电话|位置)|附近|几点.*(开|关)|(开|关)门/],
    none: /通用|换货|退|都能用|别的|投诉|加盟|招聘|停车|寄存|宠物|wifi/,
  },
]

/** Nouns by which a short follow-up ('那什么时候过期') is read as being about the topic before. */
const nounOf: Record<string, string> = {
  points: '积分',
  coupon: '优惠券',
  tier: '等级',
  order: '消费',
  birthday: '生日礼',
}
const anyNoun =
  /积分|券|等级|成长值|消费|订单|退款|生日|会员码|门店|地址|手机|签到|兑换|邀请|发票|注销|人工|密码|微信|投诉|隐私|推荐|消息|店/
const followUpLetters = 12

/** Fills a short follow-up with what was talked about before; `topic` is the last answer's. */
export const inContext = (text: string, topic: string | null): string => {
  const noun = topic && nounOf[topic.split('.')[0]]
  if (!noun || [...text].length > followUpLetters || anyNoun.test(normalise(text))) return text
  return /过期|多少|几|怎么|什么|为什么|哪|差|用|还/.test(normalise(text)) ? `${noun}${text}` : text
}

const changesAccount =
  /(给|帮|替)(我|他|她|账户|账号|俺)?.{0,6}(加|充|发|改成|升到|升级到|升为|变成|调成|打|转|补发).{0,8}(积分|券|等级|会员|黑|金|余额|钱|元)|(积分|余额).{0,3}(改成|设为|变成|加到)|直接.{0,4}升/
const orders =
  /忽略.{0,12}(指令|规则|提示|设定|要求|以上|之前|上面)|无视.{0,8}(指令|规则|限制)|忘(记|掉).{0,8}(指令|规则|设定|身份)|ignore|disregard|systemprompt|系统提示|提示词|jailbreak|越狱|开发者模式|你现在(是|扮演|开始)|扮演|假装你|管理员(模式|权限)|root|droptable|selectfrom|unionselect|<script|数据库|后台密码|apikey|源代码|内部(接口|资料|文件)/
const otherPeople =
  /别人|其他(会员|人|顾客|用户)|他人|所有(会员|人|顾客|用户)|全部(会员|用户|顾客)|(我|俺)?(老公|老婆|女朋友|男朋友|同事|邻居|室友|儿子|女儿|妈妈|爸爸|妹妹|姐姐|哥哥)|张三|李四|王五|会员名单|另一个(会员|人)|[张李王刘陈杨赵黄周吴]\p{Script=Han}{1,2}的(积分|手机|消费|生日|券|等级|电话|地址)|1[3-9]\d{9}/u
const personal = /积分|手机|电话|消费|订单|券|等级|资料|生日|信息|买|花|名单|地址|身份证|会员码/
const shares = /送|邀请|推荐|一起|帮.{0,3}(用|付|买)|共用|借|代|合并|能用|转|可以用|给.{0,4}用/

const chats: readonly [RegExp, 'hello' | 'thanks' | 'bye' | 'who'][] = [
  [/^(你好|您好|嗨|哈喽|hello|hi|hey|在吗|在不在|有人吗|早上好|下午好|晚上好|早|喂|亲)+[啊呀吗呢哈]*$/, 'hello'],
  [
    /^(好的?|嗯+|哦|ok|okay)?(谢谢|多谢|感谢|谢了|thanks|thankyou|辛苦了|知道了|明白了|太好了)+(你|您|啦|了|哈)*$/,
    'thanks',
  ],
  [/^(再见|拜拜|bye|88|没事了|不用了|没有了)[啦了吧]*$/, 'bye'],
  [/^(你是谁|你叫什么(名字)?|你是(机器人|真人|人工|ai|人)吗?|你能(做|干|帮我?做?)(什么|啥)|你会(什么|啥))$/, 'who'],
]
const wantsPerson =
  /^(人工|转人工|要人工|找人工|叫人工|人工服务)$|(转|找|要|叫|联系|呼叫|接|换|给我|来个|我想和|跟|和).{0,6}人工|人工.{0,3}(在吗|服务|在线|帮|接|回复|处理)|不想.{0,4}机器|别.{0,3}机器人|(找|叫|和|跟).{0,3}(店员|店长|经理|负责人|老板).{0,4}(说|聊|讲|谈|来|反映|沟通|联系)?$/

/** Reads one sentence. Pure: the same words and the same entries give the same result. */
export const understand = (text: string, index: Index): Understood => {
  const plain = normalise(text)
  const greeting = chats.find(([pattern]) =>
    pattern.test(
      text
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[\s\p{P}\p{S}]+/gu, ''),
    ),
  )
  if (greeting) return { kind: 'chat', what: greeting[1] }
  if (orders.test(plain) || changesAccount.test(plain)) return { kind: 'refused', why: 'orders' }
  if (otherPeople.test(plain) && personal.test(plain) && !shares.test(plain)) return { kind: 'refused', why: 'others' }
  if (wantsPerson.test(plain) && !/人工智能|人工费/.test(plain)) return { kind: 'handover' }
  const hits = index.search(text)
  const named = index.named(text)
  if (named) return { kind: 'faq', id: named, hits }
  const rule = own.find((r) => r.all.every((pattern) => pattern.test(plain)) && !r.none?.test(plain))
  if (rule) return { kind: 'own', topic: rule.topic }
  const [best] = hits
  if (best && best.coverage >= assistantPolicy.answerFrom) return { kind: 'faq', id: best.id, hits }
  return { kind: 'unknown', hits: hits.filter((h) => h.coverage >= assistantPolicy.offerFrom) }
}

/** The numbers in a text, as they are written: '1,280' is 1280, '12%' is 12. */
export const figuresIn = (text: string): string[] =>
  (
    text
      .normalize('NFKC')
      .replace(/(\d),(?=\d{3})/g, '$1')
      .match(/\d+(\.\d+)?/g) ?? []
  ).map(String)

/** Whether a rewording keeps to its passages: it names no figure that they do not, in digits or in Chinese, and no address. */
export const keepsToFacts = (wording: string, passages: readonly string[]): boolean => {
  const facts = passages.join('\n')
  const known = new Set(figuresIn(facts))
  const spoken = wording.match(/[零一二两三四五六七八九十百千万半]+(?=[个天年月日次张元分折倍级小])/g) ?? []
  return (
    figuresIn(wording).every((figure) => known.has(figure)) &&
    spoken.every((words) => facts.includes(words)) &&
    !/https?:|www\.|@/i.test(wording)
  )
}
