export default definePageConfig({ navigationBarTitleText: '写晒单', navigationBarTextStyle: 'black' })
