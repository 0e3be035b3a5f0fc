export default definePageConfig({ navigationBarTitleText: '会员等级', navigationBarTextStyle: 'white' })
