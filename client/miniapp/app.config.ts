const tab = (pagePath: string, text: string) => ({ pagePath, text })

export default defineAppConfig({
  pages: ['pages/home/index', 'pages/rewards/index', 'pages/code/index', 'pages/coupons/index', 'pages/me/index'],
  subPackages: [
    { root: 'packages/points', pages: ['index', 'transfer'] },
    { root: 'packages/coupon', pages: ['index'] },
    { root: 'packages/tier', pages: ['index'] },
    { root: 'packages/profile', pages: ['index', 'purchases', 'purchase', 'settings'] },
    { root: 'packages/inbox', pages: ['index', 'preferences'] },
    { root: 'packages/birthday', pages: ['index'] },
    { root: 'packages/login', pages: ['index', 'document'] },
    { root: 'packages/staff', pages: ['index', 'member', 'result', 'refunds', 'pickups', 'shift', 'entry', 'offline'] },
    { root: 'packages/mall', pages: ['index', 'reward', 'orders', 'order'] },
    { root: 'packages/checkin', pages: ['index'] },
    { root: 'packages/referral', pages: ['index', 'invite'] },
    { root: 'packages/gift', pages: ['coupon', 'points'] },
    { root: 'packages/community', pages: ['index', 'detail', 'write', 'mine', 'product'] },
    { root: 'packages/feedback', pages: ['index', 'complaint', 'case'] },
    { root: 'packages/assistant', pages: ['index'] },
    { root: 'packages/privacy', pages: ['index', 'ledger', 'export', 'cancel'] },
    { root: 'packages/about', pages: ['index', 'lost'] },
  ],
  window: {
    navigationStyle: 'custom',
    navigationBarTitleText: '会员中心',
    navigationBarTextStyle: 'black',
    backgroundTextStyle: 'dark',
    backgroundColor: '#F5F6F8',
  },
  // The bar is drawn by each tab page itself (components/TabBar), which spares the flash of a bar that knows its
  // page only after the switch; WeChat still wants the list here and a component in custom-tab-bar/.
  tabBar: {
    custom: true,
    color: '#676D76',
    selectedColor: '#0B6E4F',
    backgroundColor: '#FFFFFF',
    list: [
      tab('pages/home/index', '首页'),
      tab('pages/rewards/index', '礼遇'),
      tab('pages/code/index', '会员码'),
      tab('pages/coupons/index', '卡券'),
      tab('pages/me/index', '我的'),
    ],
  },
  // What the next tap probably opens is fetched while the page before it is read.
  preloadRule: {
    'pages/home/index': { network: 'all', packages: ['packages/coupon', 'packages/points'] },
    'pages/rewards/index': { network: 'all', packages: ['packages/mall', 'packages/tier'] },
    'pages/me/index': { network: 'wifi', packages: ['packages/profile', 'packages/inbox'] },
  },
  lazyCodeLoading: 'requiredComponents',
  // No location, no Bluetooth: none of the APIs that WeChat wants listed is used.
  requiredPrivateInfos: [],
  __usePrivacyCheck__: true,
})
