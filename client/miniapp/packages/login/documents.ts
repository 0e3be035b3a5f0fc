/** What a member agrees to, in the words of what the system really does. A shop replaces names and contact, not the facts. */
export interface Document {
  title: string
  since: string
  parts: { heading: string; lines: string[] }[]
}

const terms: Document = {
  title: '会员章程',
  since: '2026年11月22日起施行',
  parts: [
    { heading: '入会', lines: ['用微信或手机号登录即成为会员，不收费。每位会员一个账号，会员码只供本人使用。'] },
    {
      heading: '积分',
      lines: [
        '消费按实付金额得积分，等级越高倍数越高，生日当天双倍。',
        '每笔积分在 12 个月后的月底到期，先用最早到期的；到期前会提醒。',
        '退款会收回那笔消费给的积分；已经用掉的记为欠分，下次得积分时先抵。',
      ],
    },
    {
      heading: '等级与成长值',
      lines: [
        '实付每 1 元得 1 成长值，自获得起 365 天内有效，达到门槛立即升级。',
        '等级有效 365 天，到期仍达标则续一年，否则宽限 30 天后降一级。',
      ],
    },
    { heading: '优惠券', lines: ['按券面写明的门店、商品、时间和数量使用，不兑现、不找零；整单退款后券会退回。'] },
    { heading: '生日礼与周年礼', lines: ['当天自动到账，每年一次。生日每 365 天可修改一次，修改不会再得一次。'] },
  ],
}

const privacy: Document = {
  title: '隐私政策',
  since: '2026年11月22日起施行',
  parts: [
    {
      heading: '我们收集什么，用来做什么',
      lines: [
        '手机号、微信标识：确认你是谁，在柜台找到你的账号。',
        '称呼、性别、生日（只有月和日）：称呼你，按时送生日礼。都可以不填。',
        '消费、积分、领券与核销：记账、退款、计算等级。',
        '页面浏览与点击：知道哪些页面好用。不含位置、通讯录和设备文件。',
      ],
    },
    {
      heading: '怎样保护',
      lines: [
        '手机号、微信标识和生日加密保存；店员和运营只看到 138****1234 和姓氏。',
        '工作人员查看完整手机号要写明理由，并留下记录。',
        '会员码每 60 秒更换，用一次即失效。',
      ],
    },
    { heading: '推荐', lines: ['首页好物按你的购买记录推荐。在“我的—设置”里可以关闭，关闭后不再使用你的记录。'] },
    {
      heading: '你的权利',
      lines: ['资料可在“我的资料”里查看和修改；查询、更正、删除或注销，请联系任一门店，我们会核实身份后处理。'],
    },
    {
      heading: '提供给谁',
      lines: ['不出售，也不提供给合作方。发短信和微信消息时，手机号或微信标识会交给运营商和微信完成发送。'],
    },
  ],
}

export const documents: Record<'terms' | 'privacy', Document> = { terms, privacy }
