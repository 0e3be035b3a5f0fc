export default definePageConfig({
  navigationBarTitleText: '投诉进度',
  navigationBarTextStyle: 'black',
  enablePullDownRefresh: true,
})
