export default definePageConfig({ navigationBarTitleText: '登录', navigationBarTextStyle: 'black' })
