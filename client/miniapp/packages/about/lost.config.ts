export default definePageConfig({ navigationBarTitleText: '没有这一页', navigationBarTextStyle: 'black' })
