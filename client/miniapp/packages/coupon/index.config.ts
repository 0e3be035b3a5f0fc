export default definePageConfig({
  navigationBarTitleText: '券详情',
  navigationBarTextStyle: 'black',
  enableShareAppMessage: true,
})
