export default definePageConfig({
  navigationBarTitleText: '我的卡券',
  navigationBarTextStyle: 'black',
  enablePullDownRefresh: true,
})
