export default definePageConfig({
  navigationBarTitleText: '首页',
  navigationBarTextStyle: 'white',
  enableShareAppMessage: true,
  enablePullDownRefresh: true,
})
