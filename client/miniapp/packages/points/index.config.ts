export default definePageConfig({ navigationBarTitleText: '积分', navigationBarTextStyle: 'white' })
