import { giveAnniversaryGifts, giveBirthdayGifts } from './campaigns/jobs'
import { forgetGiftMemory } from './campaigns/memory'
import { expireDueCoupons, noticeEndingCoupons } from './coupons/jobs'
import { forgetIdempotency } from './http/jobs'
import { sweepUploads } from './http/uploads'
import { forgetGiftMemory } from './campaigns/memory'
import { checkBooks } from './invariants/jobs'
import type { Job } from './jobs/job'
import { forgetRuns } from './jobs/jobs'
import { forgetTraces } from './members/jobs'
import { sendMessages } from './messages/jobs'
import { forgetSessions } from './operators/jobs'
import { executeCancellations, expireOldExports, produceExports } from './privacy/jobs'
import { expirePoints, noticeExpiringPoints } from './points/jobs'
import { executeCancellations, expireOldExports, produceExports } from './privacy/jobs'
import { recountEverybody, recountWaiting } from './purchases/jobs'
import { closeOverdueOrders, refundClosedPayments } from './rewards/jobs'
import { keepFactsNightly, rebuildFacts, scoreStagesNightly } from './scores/jobs'
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
    name: 'rewards.close-overdue',
    title: '兑换超时',
    why: '没付款的、过期没取的兑换退回积分和库存；发出十五天没确认的算已收货',
    cron: '*/2 * * * *',
    limit: 100,
    run: closeOverdueOrders,
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
    name: 'care.birthday',
    title: '生日礼',
    why: '公历、农历生日当天送积分和券；停机错过的日子逐日补送，一年只送一次',
    cron: '35 0 * * *',
    limit: 100,
    run: giveBirthdayGifts,
  },
  {
    name: 'care.anniversary',
    title: '入会周年礼',
    why: '入会满整年当天送积分和券；停机错过的日子逐日补送',
    cron: '40 0 * * *',
    limit: 100,
    run: giveAnniversaryGifts,
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
    name: 'points.expiring-notice',
    title: '积分到期提醒',
    why: '到期前 30、7、1 天各提醒一次',
    cron: '0 9 * * *',
    limit: 200,
    run: noticeExpiringPoints,
  },
  {
    name: 'coupons.expiring-notice',
    title: '券到期提醒',
    why: '到期前 3 天和最后一天各提醒一次',
    cron: '30 9 * * *',
    limit: 200,
    run: noticeEndingCoupons,
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
    name: 'invariants.nightly',
    title: '账目核对',
    why: '核对流水、余额、批次、库存和等级是否一致，有不符立即报出',
    cron: '10 4 * * *',
    limit: 1,
    run: checkBooks,
  },
]
