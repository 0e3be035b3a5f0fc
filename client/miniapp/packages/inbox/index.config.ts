export default definePageConfig({ navigationBarTitleText: '消息', navigationBarTextStyle: 'black' })
