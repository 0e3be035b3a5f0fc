/** Words that mean the same at a shop's counter: each is read as the first of its line before anything is compared. */
const sameWords: readonly (readonly string[])[] = [
  ['积分', '分数', '积份', '会员分', '点数', '集分'],
  ['优惠券', '优惠劵', '卡券', '代金券', '折扣券', '满减券', '抵用券', '优惠卷', '卡卷', '券子', '劵'],
  ['等级', '级别', '会员级', '档位', '段位'],
  ['退款', '退货', '退钱', '退单', '退掉'],
  ['过期', '失效', '到期', '作废', '清零'],
  ['门店', '店铺', '分店', '实体店', '店面', '商店'],
  ['手机号', '手机号码', '电话号码', '手机号儿', '电话号'],
  ['会员码', '会员二维码', '付款码', '条形码', '条码', '二维码'],
  ['生日礼', '生日礼物', '生日福利', '生日礼包', '生日礼券', '生日券', '生日惊喜'],
  ['签到', '打卡', '签个到'],
  ['注销', '销户', '删除账号', '删除账户', '删掉账号', '注消', '删号'],
  ['投诉', '举报店员', '差评', '维权'],
  ['人工', '人工客服', '真人', '客服', '活人', '店员帮我'],
  ['发票', '开票', '税票', '专票'],
  ['消费', '买东西', '购物', '花钱', '下单'],
  ['兑换', '换礼品', '换东西', '换礼物', '兑奖'],
  ['赠送', '转赠', '送给', '转给', '送人', '转让'],
  ['升级', '升等', '升到', '升一级', '涨级'],
  ['降级', '掉级', '掉等级', '降等级'],
  ['修改', '更改', '更换', '换绑', '改一下', '变更'],
  ['怎么', '怎样', '如何', '咋', '咋样', '怎么样才能', '怎么才能', '咋个'],
  ['多少', '几多', '多少个', '多少分'],
  ['营业时间', '几点开门', '几点关门', '开门时间', '关门时间', '几点营业', '营业到几点', '几点打烊', '开到几点'],
]

const replacements: readonly [string, string][] = sameWords
  .flatMap(([word, ...others]) => others.map((other): [string, string] => [other, word]))
  // Longer words first, so that 会员二维码 is not read as 会员 and 二维码.
  .sort((a, b) => b[0].length - a[0].length)

/** Characters that hold a sentence together and say nothing of what it is about. */
const fillers =
  /[的了呢吗嘛啊呀哦哈吧么我你您他她它们是在有没和与或就都也很还能可会要想请问一下个这那些什怎样如何为谁哪里儿给把被让到去来说看对好啦喔诶嗯帮不话刚才已经后时候]/g

/** A text in one spelling: full-width forms folded, lower case, blanks and marks taken out, words of the same meaning made one. */
export const normalise = (text: string): string => {
  let plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]+/gu, '')
  for (const [other, word] of replacements) plain = plain.replaceAll(other, word)
  return plain
}

/** The pieces of a normalised text that are compared: pairs of neighbouring characters without fillers, single ones, and Latin words. */
export const piecesOf = (plain: string): string[] => {
  const pieces: string[] = []
  for (const word of plain.match(/[a-z]+|\d+/g) ?? []) pieces.push(word)
  for (const stretch of plain.replace(/[a-z\d]+/g, ' ').split(' ')) {
    const letters = [...stretch.replace(fillers, '')]
    for (const letter of letters) pieces.push(letter)
    for (let i = 0; i + 1 < letters.length; i++) pieces.push(letters[i] + letters[i + 1])
  }
  return pieces
}
