export default definePageConfig({
  navigationBarTitleText: '签到',
  navigationBarTextStyle: 'white',
  enablePullDownRefresh: true,
})
