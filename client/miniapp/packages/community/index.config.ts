export default definePageConfig({
  navigationBarTitleText: '晒单与评价',
  navigationBarTextStyle: 'black',
  enablePullDownRefresh: true,
})
