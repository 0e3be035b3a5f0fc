import type { Permission } from '@shared/permissions'
import type { ComponentType } from 'react'
import type { IconName } from './components/Icon'
import { marketingPages } from './marketing'

/** A page of the admin: one line here is its address, its place in the menu and the permission that opens it. */
export interface Page {
  /** Below /admin; parts after a colon are parameters. */
  path: string
  title: string
  permission: Permission
  /** Present for pages that stand in the menu. */
  menu?: { group: string; icon: IconName }
  /** Words the command palette also finds it by. */
  words?: string
  load: () => Promise<{ default: ComponentType }>
}

/** Menu = routes = permissions, in the order of the menu. */
export const pages: readonly Page[] = [
  {
    path: '/',
    title: '工作台',
    permission: 'overview:read',
    menu: { group: '', icon: 'home' },
    words: '首页 今天 数据',
    load: () => import('./overview/Overview'),
  },

  {
    path: '/dashboards',
    title: '经营分析',
    permission: 'dashboard:read',
    menu: { group: '', icon: 'trend' },
    words: '走势 留存 复购 漏斗 热力图 流失 RFM 负债 排行',
    load: () => import('./dashboards/Dashboards'),
  },

  {
    path: '/members',
    title: '会员',
    permission: 'member:read',
    menu: { group: '会员', icon: 'members' },
    words: '顾客 名单',
    load: () => import('./members/MemberList'),
  },
  {
    path: '/members/:memberId',
    title: '会员详情',
    permission: 'member:read',
    load: () => import('./members/MemberShow'),
  },
  {
    path: '/segments',
    title: '人群',
    permission: 'segment:read',
    menu: { group: '会员', icon: 'search' },
    words: '圈人 条件 分组 重叠 快照',
    load: () => import('./segments/SegmentList'),
  },
  {
    path: '/segments/new',
    title: '新建人群',
    permission: 'segment:write',
    words: '圈人 创建',
    load: () => import('./segments/SegmentForm'),
  },
  {
    path: '/segments/:segmentId',
    title: '人群详情',
    permission: 'segment:read',
    load: () => import('./segments/SegmentShow'),
  },
  {
    path: '/segments/:segmentId/edit',
    title: '修改人群',
    permission: 'segment:write',
    load: () => import('./segments/SegmentForm'),
  },
  {
    path: '/tags',
    title: '标签',
    permission: 'segment:read',
    menu: { group: '会员', icon: 'link' },
    words: '打标 分类 自动标签',
    load: () => import('./tags/TagList'),
  },
  {
    path: '/scores',
    title: '会员洞察',
    permission: 'insight:read',
    menu: { group: '会员', icon: 'eye' },
    words: 'RFM 生命周期 流失 价值 分群 模型 数据质量',
    load: () => import('./scores/Scores'),
  },
  {
    path: '/tiers',
    title: '等级与权益',
    permission: 'tier:read',
    menu: { group: '会员', icon: 'crown' },
    words: '成长值 保级 降级',
    load: () => import('./tiers/TierList'),
  },

  ...marketingPages,

  {
    path: '/posts',
    title: '评价与晒单',
    permission: 'community:read',
    menu: { group: '服务', icon: 'eye' },
    words: '审核 晒单 评价 举报',
    load: () => import('./community/PostList'),
  },
  {
    path: '/complaints',
    title: '投诉与建议',
    permission: 'feedback:read',
    menu: { group: '服务', icon: 'message' },
    words: '投诉 客诉 反馈',
    load: () => import('./feedback/ComplaintList'),
  },
  {
    path: '/nps',
    title: '推荐意愿',
    permission: 'feedback:read',
    menu: { group: '服务', icon: 'trend' },
    words: 'NPS 满意度 口碑',
    load: () => import('./feedback/NpsShow'),
  },
  {
    path: '/handovers',
    title: '人工接待',
    permission: 'assistant:read',
    menu: { group: '服务', icon: 'staff' },
    words: '转人工 客服 对话',
    load: () => import('./assistant/HandoverList'),
  },
  {
    path: '/faqs',
    title: '常见问题',
    permission: 'assistant:read',
    menu: { group: '服务', icon: 'document' },
    words: '助手 FAQ 问答',
    load: () => import('./assistant/FaqList'),
  },
  {
    path: '/privacy',
    title: '隐私申请',
    permission: 'privacy:read',
    menu: { group: '服务', icon: 'shield' },
    words: '注销 导出 同意 个性化',
    load: () => import('./privacy/PrivacyList'),
  },

  {
    path: '/stores',
    title: '门店',
    permission: 'store:read',
    menu: { group: '门店', icon: 'store' },
    words: '店铺 地址',
    load: () => import('./stores/StoreList'),
  },
  {
    path: '/shifts',
    title: '交班记录',
    permission: 'shift:read',
    menu: { group: '门店', icon: 'document' },
    words: '班次 现金 差额 交接',
    load: () => import('./shifts/ShiftList'),
  },
  {
    path: '/operators',
    title: '店员与账号',
    permission: 'operator:read',
    menu: { group: '门店', icon: 'staff' },
    words: '员工 角色 权限 密码',
    load: () => import('./operators/OperatorList'),
  },

  {
    path: '/jobs',
    title: '任务',
    permission: 'job:read',
    menu: { group: '系统', icon: 'clock' },
    words: '定时 生日 过期 重跑',
    load: () => import('./jobs/JobList'),
  },
  {
    path: '/audits',
    title: '审计',
    permission: 'audit:read',
    menu: { group: '系统', icon: 'document' },
    words: '日志 谁改了',
    load: () => import('./audit/AuditList'),
  },
]

/** The menu page an address belongs to: /coupons/3/edit belongs to /coupons. */
export const menuPageOf = (pathname: string): Page | undefined =>
  pages.find(
    (page) =>
      page.menu &&
      (page.path === '/' ? pathname === '/' : pathname === page.path || pathname.startsWith(`${page.path}/`)),
  )
