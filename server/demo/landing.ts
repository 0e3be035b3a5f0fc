import type { Deps } from '../deps'
import { demoAccounts, demoPassword, demoPos } from './accounts'
import { landingStyle } from './landing-style'

const leaf =
  'M0 0C-5-14-26-20-47-27-56-46-42-66-22-68-12-71-4-62-1-50L0-45 1-50C4-62 12-71 22-68 42-66 56-46 47-27 26-20 5-14 0 0Z'
const stem = 'M0-2C2 12 5 24 13 35'
const logo = `<svg width="40" height="40" viewBox="0 0 24 24" aria-hidden="true"><rect width="24" height="24" rx="7" fill="#0B6E4F"/><g transform="translate(12 18) scale(.19)" fill="#F0DDB0"><path d="${leaf}"/><path d="${stem}" fill="none" stroke="#F0DDB0" stroke-width="3" stroke-linecap="round"/></g></svg>`
const favicon = `data:image/svg+xml,${encodeURIComponent(logo.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" '))}`
const leaves = [
  [78, 64, -18, 1.5, 0.16],
  [92, 30, 24, 0.7, 0.1],
  [64, 92, 8, 0.9, 0.07],
]
  .map(
    ([left, top, turn, size, light]) =>
      `<svg class="leaf" style="left:${left}%;top:${top}%;opacity:${light}" width="${Math.round(180 * size)}" height="${Math.round(180 * size)}" viewBox="-60 -75 120 120" aria-hidden="true"><g transform="rotate(${turn})"><path d="${leaf}" fill="#F0DDB0"/><path d="${stem}" fill="none" stroke="#F0DDB0" stroke-width="3" stroke-linecap="round"/></g></svg>`,
  )
  .join('')

/** Icons on a grid of 24, drawn with lines. */
const icons = {
  member:
    '<rect x="6.500" y="2.750" width="11" height="18.500" rx="2.500"/><path d="M10.500 18.250h3"/><path d="m9.250 9.500 2 2 3.500-3.750"/>',
  staff:
    '<path d="M3.500 8V5.500a2 2 0 0 1 2-2H8M16 3.500h2.500a2 2 0 0 1 2 2V8M20.500 16v2.500a2 2 0 0 1-2 2H16M8 20.500H5.500a2 2 0 0 1-2-2V16M7 12h10"/>',
  admin:
    '<rect x="3" y="4" width="18" height="16" rx="2.500"/><path d="M3 9h18M8.500 9v11M12.500 13.500h4.500M12.500 16.500h3"/>',
  api: '<path d="m8 8-4.500 4L8 16M16 8l4.500 4-4.500 4M13.500 5.500l-3 13"/>',
  arrow: '<path d="M5 12h13M12.500 6.500 18 12l-5.500 5.500"/>',
}
const icon = (name: keyof typeof icons, size = 22): string =>
  `<svg width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.750" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${icons[name]}</svg>`

const escapeText = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] as string)

interface Door {
  href: string
  icon: keyof typeof icons
  title: string
  text: string
}
const doors = (demo: boolean): Door[] => [
  {
    href: demo ? '/m/?demo=member' : '/m/',
    icon: 'member',
    title: '会员端',
    text: '会员卡与等级、积分、卡券、会员码、生日礼',
  },
  {
    href: demo ? '/m/?demo=staff#/packages/staff/index' : '/m/#/packages/staff/index',
    icon: 'staff',
    title: '店员端',
    text: '扫会员码、录消费、核销优惠券、退款',
  },
  { href: '/admin/', icon: 'admin', title: '管理后台', text: '工作台、会员、优惠券、门店、任务、审计' },
  { href: '/reference/', icon: 'api', title: '接口文档', text: '每个接口的权限、输入、输出和错误，可以直接试' },
]

const steps: [title: string, text: string][] = [
  ['看会员卡', '首页是林知夏的金叶卡：还差多少成长值升级、哪些积分快过期、今天到期的券，还有一份没拆的生日礼。'],
  ['领一张券', '在“卡券”里打开领券中心领一张，它马上出现在“可用”里，规则写在券面上。'],
  ['出示会员码', '点底部中间的按钮。18 位会员码每 60 秒换一次，用过一次就失效，截图没有用。'],
  ['当一回店员', '打开店员端，输入刚才的会员码，录一笔消费并用上优惠券：积分、成长值、等级一起结清。'],
  ['到后台看结果', '用店主账号登录管理后台：这笔消费已经在工作台和会员时间线里，再建一张自己的优惠券发布出去。'],
]

const page = (shop: string, body: string): string => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${shop} · 惠员会员中心</title>
<meta name="description" content="惠员：微信小程序会员中心与它的后台"><meta name="theme-color" content="#05352A"><link rel="icon" href="${favicon}"><style>${landingStyle}</style></head>
<body>${body}</body></html>`

const head = (shop: string): string =>
  `<header class="top"><span class="brand">${logo}<span><b>${shop}</b><small>惠员 Huiyuan</small></span></span><nav><a href="/reference/">接口文档</a><a href="/healthz">运行状态</a></nav></header>`

const doorCards = (demo: boolean): string =>
  `<div class="doors">${doors(demo)
    .map(
      (d) =>
        `<a class="door" href="${d.href}"${demo ? ' target="_blank" rel="noopener"' : ''}><i>${icon(d.icon)}</i><span><b>${d.title}</b><small>${d.text}</small></span>${icon('arrow', 18)}</a>`,
    )
    .join('')}</div>`

const accountRows = (): string =>
  demoAccounts
    .map(
      (a) =>
        `<tr><th scope="row"><b>${a.name}</b><small>${{ member: '会员', staff: '店员', operator: '店主' }[a.as]}</small></th><td><code>${a.login}</code></td><td>${a.secret === demoPassword ? `<code>${a.secret}</code>` : a.secret}</td><td class="note">${a.note}</td></tr>`,
    )
    .join('')

interface Figures {
  members: number
  purchases: number
  lines: number
}
const figuresOf = async (deps: Deps): Promise<Figures> => {
  const [row] = await deps.db.read<Figures>(
    'SELECT (SELECT COUNT(*) FROM member) AS members, (SELECT COUNT(*) FROM purchase) AS purchases, (SELECT COUNT(*) FROM purchase_line) AS `lines`',
  )
  return row
}
const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',')

const demoPage = (shop: string, figures: Figures): string =>
  page(
    shop,
    `<div class="hero">${leaves}${head(shop)}
<main class="split"><section class="say"><p class="eyebrow">微信小程序会员中心 · 演示店铺</p><h1>会员、店员、运营，<br>一套真实跑着的会员体系</h1>
<p class="lead">这里是${shop}：${grouped(figures.members)} 位会员、${grouped(figures.purchases)} 笔消费、${grouped(figures.lines)} 行明细，来自一家真实商店的一年。<span class="beside">右边就是会员手里的小程序，可以直接点。</span></p>
${doorCards(true)}</section>
<aside class="stage"><div class="phone"><div class="screen"><iframe src="/m/?demo=member#/" title="会员端" loading="lazy"></iframe></div></div><p>会员端 · 正以林知夏的身份登录</p></aside></main></div>
<section class="more"><div class="panel"><h2>三分钟试一遍</h2><ol>${steps.map(([t, x], i) => `<li><i>${i + 1}</i><span><b>${t}</b>${x}</span></li>`).join('')}</ol></div>
<div class="panel"><h2>演示账号</h2><div class="scroll"><table><thead><tr><th>身份</th><th>登录名</th><th>密码</th><th class="note">能看到什么</th></tr></thead><tbody>${accountRows()}</tbody></table></div>
<p class="hint">收银系统走接口：<code>${demoPos.username}</code> / <code>${demoPassword}</code>。从上面的入口打开会员端和店员端时会自动登录。</p>
<h2 class="second">运行状态</h2><p class="links"><a href="/healthz">/healthz</a><a href="/readyz">/readyz</a><a href="/metrics">/metrics</a><a href="/openapi.json">/openapi.json</a></p></div></section>
<footer>消费数据来自 UCI “Online Retail”（Chen, Sain, Guo 2012，CC0），日期已平移到昨天为止，1 便士记作 1 分；会员姓名、手机号、生日和门店是虚构的。关掉演示：<code>DEMO=0</code>。</footer>`,
  )

const plainPage = (shop: string): string =>
  page(
    shop,
    `<div class="hero plain">${leaves}${head(shop)}<main class="say"><p class="eyebrow">会员中心</p><h1>${shop}</h1><p class="lead">会员请在微信小程序里打开，或从下面进入网页版。</p>${doorCards(false)}</main></div>`,
  )

/** The first page of the server: with DEMO on a tour with accounts, otherwise only the doors. */
export const landingPage = async (deps: Deps): Promise<string> => {
  const shop = escapeText(deps.env.SHOP_NAME)
  return deps.env.DEMO ? demoPage(shop, await figuresOf(deps)) : plainPage(shop)
}
