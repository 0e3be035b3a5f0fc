export default definePageConfig({ navigationBarTitleText: '退款', navigationBarTextStyle: 'black' })
