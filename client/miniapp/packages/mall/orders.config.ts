export default definePageConfig({
  navigationBarTitleText: '我的兑换',
  navigationBarTextStyle: 'black',
  enablePullDownRefresh: true,
})
