/** Style of the landing page, from the tokens of the brand: night green and ginkgo gold above, paper below. */
export const landingStyle = `
:root{--brand:#0B6E4F;--deep:#07503A;--night:#05352A;--tint:#E8F3EF;--gold:#C8A45C;--gold-light:#F0DDB0;--gold-ink:#76570F;--ink:#1F2329;--ink-2:#4E545C;--ink-3:#676D76;--line:#E4E7EB;--ground:#F5F6F8;
--font:"PingFang SC","HarmonyOS Sans SC","Noto Sans CJK SC",system-ui,sans-serif;--art:"Songti SC","Noto Serif CJK SC",serif}
*{box-sizing:border-box;margin:0}
html{-webkit-text-size-adjust:100%}
body{font:400 14px/22px var(--font);color:var(--ink);background:var(--ground);-webkit-font-smoothing:antialiased}
a{color:inherit;text-decoration:none}
svg{display:block;flex:none}
code{font:500 13px/20px ui-monospace,"SF Mono",Menlo,Consolas,monospace;background:var(--tint);color:var(--deep);padding:1px 6px;border-radius:4px;white-space:nowrap}
:focus-visible{outline:2px solid var(--gold);outline-offset:3px;border-radius:8px}
.hero{position:relative;overflow:hidden;color:#fff;background:radial-gradient(900px 620px at 78% 18%,rgba(19,134,99,.55),transparent 70%),linear-gradient(155deg,#0B6E4F 0%,#07503A 46%,#05352A 100%)}
.leaf{position:absolute;pointer-events:none}
.top{position:relative;max-width:1200px;margin:0 auto;padding:24px 32px;display:flex;align-items:center;justify-content:space-between}
.brand{display:flex;align-items:center;gap:12px}
.brand svg{box-shadow:0 0 0 1px rgba(240,221,176,.3);border-radius:12px}
.brand b{display:block;font:600 17px/24px var(--font)}
.brand small{display:block;font-size:12px;line-height:16px;color:#CFE3DA}
.top nav{display:flex;gap:24px;font-size:13px}
.top nav a{color:#E0F0E9;padding:8px 0}
.top nav a:hover{color:var(--gold-light)}
.split{position:relative;max-width:1200px;margin:0 auto;padding:16px 32px 72px;display:grid;grid-template-columns:minmax(0,1fr) 400px;gap:72px;align-items:center}
.eyebrow{color:var(--gold-light);letter-spacing:2px;font-size:13px}
h1{font:600 44px/60px var(--art);margin:12px 0 16px;letter-spacing:1px}
.lead{font-size:16px;line-height:28px;color:#E0F0E9;max-width:560px}
.doors{display:grid;grid-template-columns:1fr 1fr;gap:16px;margin-top:40px;max-width:680px}
.door{display:flex;align-items:center;gap:12px;padding:16px;border-radius:16px;background:#fff;color:var(--ink);box-shadow:0 12px 32px rgba(5,53,42,.24);transition:transform .16s,box-shadow .16s}
.door:hover{transform:translateY(-2px);box-shadow:0 16px 40px rgba(5,53,42,.36)}
.door i{width:44px;height:44px;border-radius:12px;background:var(--tint);color:var(--brand);display:flex;align-items:center;justify-content:center;flex:none}
.door:first-child i{background:linear-gradient(150deg,#0B4C39,#05352A);color:var(--gold-light)}
.door span{flex:1;min-width:0}
.door b{display:block;font:600 16px/24px var(--font)}
.door small{display:block;font-size:12px;line-height:18px;color:var(--ink-3)}
.door>svg{color:#B9BEC5}
.door:hover>svg{color:var(--brand)}
.stage{position:relative;text-align:center}
.stage p{margin-top:16px;font-size:12px;color:#CFE3DA}
.phone{width:391px;margin:0 auto;padding:8px;border-radius:52px;background:linear-gradient(145deg,#20322c,#0a1512);box-shadow:0 0 0 1px rgba(240,221,176,.35),0 32px 80px rgba(0,0,0,.45)}
.screen{height:780px;border-radius:44px;overflow:hidden;background:var(--ground)}
.screen iframe{display:block;width:100%;height:100%;border:0}
.more{max-width:1200px;margin:0 auto;padding:40px 32px 24px;display:grid;grid-template-columns:minmax(0,5fr) minmax(0,6fr);gap:24px}
.panel{background:#fff;border:1px solid var(--line);border-radius:16px;padding:24px}
h2{font:600 18px/26px var(--font);margin-bottom:16px}
h2.second{margin:24px 0 8px;font-size:16px}
ol{list-style:none;padding:0;display:grid;gap:16px}
li{display:flex;gap:12px;color:var(--ink-2)}
li i{flex:none;width:28px;height:28px;border-radius:50%;background:#FBF5E8;color:var(--gold-ink);font:600 14px/28px var(--font);text-align:center}
li b{display:block;color:var(--ink);font-weight:600}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:13px;line-height:20px}
th,td{text-align:left;padding:12px 12px 12px 0;border-bottom:1px solid #EFF1F4;vertical-align:top;font-weight:400}
thead th{color:var(--ink-3);font-size:12px;padding-top:0}
tbody th b{display:block;font-weight:600;white-space:nowrap}
tbody th small{color:var(--ink-3);font-size:12px}
td.note{color:var(--ink-2)}
.hint{margin-top:12px;font-size:13px;color:var(--ink-2)}
.links{display:flex;flex-wrap:wrap;gap:8px}
.links a{font:400 13px/20px ui-monospace,"SF Mono",Menlo,monospace;padding:4px 12px;border:1px solid var(--line);border-radius:16px;color:var(--ink-2)}
.links a:hover{border-color:var(--brand);color:var(--brand)}
footer{max-width:1200px;margin:0 auto;padding:0 32px 40px;font-size:12px;line-height:20px;color:var(--ink-3)}
.hero.plain{min-height:100vh}
.hero.plain .say{position:relative;max-width:1200px;margin:0 auto;padding:64px 32px}
@media(max-width:1080px){.split{grid-template-columns:1fr;gap:48px}.doors{max-width:none}.more{grid-template-columns:1fr}}
@media(max-width:640px){
.top{padding:16px}.top nav{gap:16px}.split{padding:8px 16px 32px}.more{padding:24px 16px 16px;gap:16px}.panel{padding:16px}footer{padding:0 16px 32px}
h1{font-size:28px;line-height:40px}.lead{font-size:14px;line-height:24px}.doors{grid-template-columns:1fr;gap:12px;margin-top:24px}
.stage,.beside{display:none}.hero.plain .say{padding:32px 16px}thead th.note,td.note{display:none}}
@media(prefers-reduced-motion:reduce){.door{transition:none}}
`
