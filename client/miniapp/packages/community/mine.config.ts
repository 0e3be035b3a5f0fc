export default definePageConfig({ navigationBarTitleText: '我的晒单与评价', navigationBarTextStyle: 'black' })
