export default definePageConfig({ navigationBarTitleText: '断网记账', navigationBarTextStyle: 'black' })
