export default definePageConfig({
  navigationBarTitleText: '积分商城',
  navigationBarTextStyle: 'black',
  enablePullDownRefresh: true,
})
