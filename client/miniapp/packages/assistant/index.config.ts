export default definePageConfig({ navigationBarTitleText: '会员助手', navigationBarTextStyle: 'black' })
