export default definePageConfig({
  navigationBarTitleText: '积分转赠',
  navigationBarTextStyle: 'black',
  enableShareAppMessage: true,
})
