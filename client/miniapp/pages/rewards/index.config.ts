export default definePageConfig({
  navigationBarTitleText: '礼遇',
  navigationBarTextStyle: 'black',
  enablePullDownRefresh: true,
})
