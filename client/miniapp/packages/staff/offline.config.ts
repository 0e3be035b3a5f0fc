export default definePageConfig({ navigationBarTitleText: '离线记录', navigationBarTextStyle: 'black' })
