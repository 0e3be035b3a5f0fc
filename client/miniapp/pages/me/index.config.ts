export default definePageConfig({
  navigationBarTitleText: '我的',
  navigationBarTextStyle: 'white',
  enablePullDownRefresh: true,
})
