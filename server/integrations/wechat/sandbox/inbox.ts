/** A page with the messages that the sandbox's users have received, drawn as service notifications. */
import type { SandboxState, SentMessage } from './state'

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '')

const style = `body{margin:0;background:#ededed;font:15px/1.6 system-ui,sans-serif;color:#191919}
main{max-width:420px;margin:0 auto;padding:16px}h1{font-size:17px;text-align:center}
article{background:#fff;border-radius:8px;margin:12px 0;padding:14px 16px}h2{font-size:17px;margin:0 0 8px}
dl{display:grid;grid-template-columns:5.5em 1fr;gap:2px 8px;margin:0}dt{color:#737373}dd{margin:0;word-break:break-all}
footer{color:#737373;font-size:12px;border-top:1px solid #ededed;margin-top:10px;padding-top:8px}`

/** @returns the whole HTML page, newest message first. */
export function renderInbox(state: SandboxState): string {
  const cards = [...state.sends].reverse().map((sent) => renderCard(state, sent))
  const content = cards.length > 0 ? cards.join('') : '<p>还没有收到任何消息。</p>'
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>服务通知 · 微信沙箱</title><style>${style}</style><main><h1>服务通知 · 微信沙箱</h1>${content}</main></html>`
}

function renderCard(state: SandboxState, sent: SentMessage): string {
  const receiver = [...state.users.values()].find(({ openid }) => openid === sent.openid)?.nickname ?? sent.openid
  const at = new Date(sent.at).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false })
  const rows = sent.fields
    .map(({ label, value }) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`)
    .join('')
  const target = sent.page ? ` · ${escapeHtml(sent.page)}` : ''
  return `<article><h2>${escapeHtml(sent.title)}</h2><dl>${rows}</dl>
<footer>${escapeHtml(receiver)} · ${at}${target}</footer></article>`
}
