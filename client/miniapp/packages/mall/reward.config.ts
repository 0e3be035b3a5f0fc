export default definePageConfig({
  navigationBarTitleText: '礼品详情',
  navigationBarTextStyle: 'black',
  enableShareAppMessage: true,
})
