export default definePageConfig({ navigationBarTitleText: '关于', navigationBarTextStyle: 'black' })
