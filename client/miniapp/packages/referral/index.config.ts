export default definePageConfig({
  navigationBarTitleText: '邀请有礼',
  navigationBarTextStyle: 'white',
  enableShareAppMessage: true,
  enablePullDownRefresh: true,
})
