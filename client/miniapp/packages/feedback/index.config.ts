export default definePageConfig({
  navigationBarTitleText: '意见反馈',
  navigationBarTextStyle: 'black',
  enablePullDownRefresh: true,
})
