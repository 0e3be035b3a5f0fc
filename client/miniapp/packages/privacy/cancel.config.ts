export default definePageConfig({ navigationBarTitleText: '注销账户', navigationBarTextStyle: 'black' })
