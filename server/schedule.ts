import { sendCampaigns } from './campaigns/jobs'
import { forgetGiftMemory } from './campaigns/memory'
import { expireDueCoupons, returnUntakenGifts } from './coupons/jobs'
import { countFunnels, followDays, reckonNight } from './dashboards/jobs'
import { forgetIdempotency } from './http/jobs'
import { sweepUploads } from './http/uploads'
import { checkBooks } from './invariants/jobs'
import type { Job } from './jobs/job'
import { forgetRuns } from './jobs/jobs'
import { runJourneys } from './journeys/jobs'
import { forgetTraces } from './members/jobs'
import { sendMessages } from './messages/jobs'
import { forgetSessions } from './operators/jobs'
import { expirePoints, returnUntakenPoints } from './points/jobs'
import { executeCancellations, expireOldExports, produceExports } from './privacy/jobs'
import { recountEverybody, recountWaiting } from './purchases/jobs'
import { followPurchases, refreshNeighbours, sumUpEffect, trainModel } from './recommendations/jobs'
import { followReferrals } from './referrals/jobs'
import { closeOverdueOrders, refundClosedPayments } from './rewards/jobs'
import { forgetScores, keepFactsNightly, rebuildFacts, scoreForecastsNightly, scoreStagesNightly } from './scores/jobs'
import { copyFacts, followMembers, refreshSegments } from './segments/jobs'
import { expireOldGrowth, reviewDueTiers } from './tiers/jobs'

/**
 * Table of contents 2: everything the clock does, on the wall clock of Asia/Shanghai. The order is also the order in which missed runs are
 * made up for: what ends first, then what is given, then what is said.
 */
export const schedule: Job[] = [
  {
    name: 'points.expire',
    title: '积分到期',
    why: '过了有效期最后一天的积分记为到期，余额随之减少',
    cron: '5 0 * * *',
    limit: 200,
    run: expirePoints,
  },
  {
    name: 'coupons.expire',
    title: '优惠券到期',
    why: '过了有效期的券标为已过期，领券和核销页面不再出现',
    cron: '10 * * * *',
    limit: 500,
    run: expireDueCoupons,
  },
  {
    name: 'points.return-gifts',
    title: '退回没人领的积分',
    why: '送给好友的积分到时没人领，退回原批次',
    cron: '*/10 * * * *',
    limit: 100,
    run: returnUntakenPoints,
  },
  {
    name: 'coupons.return-gifts',
    title: '退回没人领的券',
    why: '送给好友的券到时没人领，回到主人的卡券里',
    cron: '*/10 * * * *',
    limit: 100,
    run: returnUntakenGifts,
  },
  {
    name: 'rewards.close-overdue',
    title: '兑换超时',
    why: '没付款的、过期没取的兑换退回积分和库存；发出十五天没确认的算已收货',
    cron: '*/2 * * * *',
    limit: 100,
    run: closeOverdueOrders,
  },
  {
    name: 'referrals.follow',
    title: '邀请奖励',
    why: '受邀好友的首次消费过了退款期，两边各得积分；看着可疑的先留给人核对',
    cron: '20 * * * *',
    limit: 50,
    run: followReferrals,
  },
  {
    name: 'rewards.refund-payments',
    title: '兑换退款',
    why: '已关闭的兑换收到的钱原路退回',
    cron: '*/5 * * * *',
    limit: 50,
    run: refundClosedPayments,
  },
  {
    name: 'tiers.expire-growth',
    title: '成长值滚动',
    why: '超过一年的成长值移出统计窗口',
    cron: '15 0 * * *',
    limit: 200,
    run: expireOldGrowth,
  },
  {
    name: 'tiers.review',
    title: '等级复核',
    why: '等级到期的会员按成长值保级或降级，留出宽限期',
    cron: '25 0 * * *',
    limit: 200,
    run: reviewDueTiers,
  },
  {
    name: 'purchases.recount',
    title: '重算补录会员的统计',
    why: '补录的消费打乱了时间顺序，消费天数和间隔要从头数一遍',
    cron: '*/10 * * * *',
    limit: 200,
    run: recountWaiting,
  },
  {
    name: 'purchases.recount-all',
    title: '重算全部会员的统计',
    why: '每周从消费与退款重数一遍，处理数即与逐笔累计不一致的会员数，应为 0',
    cron: '30 2 * * 0',
    limit: 200,
    run: recountEverybody,
  },
  {
    name: 'scores.facts',
    title: '会员画像统计',
    why: '为有新消费、退款、互动或积分变动的会员重数品类、价位、时段、渠道与互动',
    cron: '0 3 * * *',
    limit: 200,
    run: keepFactsNightly,
  },
  {
    name: 'scores.rebuild-facts',
    title: '重建会员画像统计',
    why: '每周把全部会员的画像重数一遍，处理数即与累计不一致的会员数，应为 0',
    cron: '40 2 * * 0',
    limit: 200,
    run: rebuildFacts,
  },
  {
    name: 'scores.stages',
    title: '每日评分：RFM 与生命周期',
    why: '先检查数据，再为会员算 RFM 与生命周期阶段；阶段变化供旅程使用',
    cron: '0 4 * * *',
    limit: 2000,
    run: scoreStagesNightly,
  },
  {
    name: 'scores.forecasts',
    title: '每日预测：流失、价值、下次购买、分群',
    why: '各模型先在会员自己的过去上检验，胜过简单规则才使用；结果按批写入',
    cron: '8 4 * * *',
    limit: 2000,
    run: scoreForecastsNightly,
  },
  {
    name: 'journeys.run',
    title: '会员旅程',
    why: '让符合条件的会员进入旅程并走到下一步：生日礼、到期提醒、唤醒等；停机错过的日子逐日补上，每一步只做一次',
    cron: '* * * * *',
    limit: 500,
    run: runJourneys,
  },
  {
    name: 'campaigns.send',
    title: '群发活动',
    why: '到时间的群发活动按频次、同意和对照组写进待发消息，中断后从断点继续',
    cron: '* * * * *',
    limit: 2000,
    run: sendCampaigns,
  },
  {
    name: 'messages.send',
    title: '发送消息',
    why: '把到时间的订阅消息发出去，失败的按原因重试，夜间不打扰',
    cron: '* * * * *',
    limit: 100,
    run: sendMessages,
  },
  {
    name: 'privacy.exports',
    title: '备好数据副本',
    why: '会员申请导出的个人数据在后台整理，好了发站内消息',
    cron: '* * * * *',
    limit: 5,
    run: produceExports,
  },
  {
    name: 'privacy.expire-exports',
    title: '清理数据副本',
    why: '备好三天没有下载的副本删掉',
    cron: '35 * * * *',
    limit: 50,
    run: expireOldExports,
  },
  {
    name: 'privacy.cancellations',
    title: '执行注销',
    why: '冷静期满的注销申请：积分和券作废入账，资料与内容删除，账面流水保留',
    cron: '50 0 * * *',
    limit: 20,
    run: executeCancellations,
  },
  {
    name: 'campaigns.forget-gifts',
    title: '清理离会礼物记录',
    why: '已注销会员当年是否领过生日礼的记录，过了间隔期就删掉',
    cron: '55 3 * * *',
    limit: 200,
    run: forgetGiftMemory,
  },
  {
    name: 'recommendations.follow',
    title: '推荐：跟上消费',
    why: '新的消费和退款记入会员的购买历史与商品搭配，推荐随之更新',
    cron: '*/5 * * * *',
    limit: 300,
    run: followPurchases,
  },
  {
    name: 'recommendations.train',
    title: '推荐：训练模型',
    why: '用到昨天为止的消费重新学习，并用最近的日子回测；不如基线的不启用',
    cron: '30 2 * * *',
    limit: 300,
    run: trainModel,
  },
  {
    name: 'recommendations.neighbours',
    title: '推荐：更新相似商品',
    why: '白天卖出的商品每小时更新一次“买过的人还买”',
    cron: '20 * * * *',
    limit: 1,
    run: refreshNeighbours,
  },
  {
    name: 'recommendations.effect',
    title: '推荐：统计效果',
    why: '按天汇总曝光、点击和 7 天内的购买，与不个性化的对照组比较',
    cron: '45 * * * *',
    limit: 500,
    run: sumUpEffect,
  },
  {
    name: 'members.forget-traces',
    title: '清理登录与扫码痕迹',
    why: '删除过期的短信验证码、已用过的会员码和旧的扫码记录',
    cron: '20 3 * * *',
    limit: 200,
    run: forgetTraces,
  },
  {
    name: 'operators.forget-sessions',
    title: '清理登录会话',
    why: '删除结束已久的登录会话和不再计数的输错记录',
    cron: '30 3 * * *',
    limit: 200,
    run: forgetSessions,
  },
  {
    name: 'http.forget-idempotency',
    title: '清理操作编号',
    why: '30 天前的操作编号不会再被重复提交，删掉以免表一直变大',
    cron: '40 3 * * *',
    limit: 500,
    run: forgetIdempotency,
  },
  {
    name: 'http.sweep-uploads',
    title: '清理照片',
    why: '删除已撤下的照片，以及上传一天后仍没有用到的照片',
    cron: '25 * * * *',
    limit: 100,
    run: sweepUploads,
  },
  {
    name: 'jobs.forget-runs',
    title: '清理任务记录',
    why: '删除 30 天前的任务运行记录，每个任务保留最近一次',
    cron: '50 3 * * *',
    limit: 200,
    run: forgetRuns,
  },
  {
    name: 'scores.forget',
    title: '清理旧评分记录',
    why: '删除 180 天前的评分记录与数据检查、两年前的会员评分历史；在用的界限、各阶段人数和流动一直保留',
    cron: '45 3 * * *',
    limit: 500,
    run: forgetScores,
  },
  {
    name: 'segments.follow',
    title: '圈人数据跟进',
    why: '刚消费、退款、领券、动过积分的会员，一分钟内更新到圈人用的数据里',
    cron: '* * * * *',
    limit: 500,
    run: followMembers,
  },
  {
    name: 'segments.facts',
    title: '圈人数据核对',
    why: '逐个核对全部会员：近 N 天的窗口往前走，评分和资料的变化也在这时带入',
    cron: '10 5 * * *',
    limit: 500,
    run: copyFacts,
  },
  {
    name: 'segments.refresh',
    title: '人群与规则标签刷新',
    why: '按条件更新规则标签和跟踪中的人群，记下谁进来、谁离开，旅程据此触发',
    cron: '*/10 * * * *',
    limit: 2000,
    run: refreshSegments,
  },
  {
    name: 'dashboards.days',
    title: '经营数据汇总',
    why: '今天和有补录、退款的日子重新汇总，看板数字与流水一致',
    cron: '* * * * *',
    limit: 1,
    run: followDays,
  },
  {
    name: 'dashboards.funnels',
    title: '漏斗计算',
    why: '新建和修改过的漏斗在一分钟内算出结果',
    cron: '* * * * *',
    limit: 1,
    run: countFunnels,
  },
  {
    name: 'dashboards.night',
    title: '看板夜间计算',
    why: '逐个会员计算留存、复购、价值分布和奖励带来的回头客，并重新汇总最近 40 天',
    cron: '40 5 * * *',
    limit: 1,
    run: reckonNight,
  },
  {
    name: 'invariants.nightly',
    title: '账目核对',
    why: '核对流水、余额、批次、库存和等级是否一致，有不符立即报出',
    cron: '10 4 * * *',
    limit: 1,
    run: checkBooks,
  },
]
