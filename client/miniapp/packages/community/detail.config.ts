export default definePageConfig({ navigationBarTitleText: '详情', navigationBarTextStyle: 'black' })
