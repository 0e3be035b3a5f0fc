import { View } from '@tarojs/components'
import { Page } from '../../components/Page'
import { useSignedIn } from '../../session'
import { Desk } from './Desk'
import { StaffLogin } from './StaffLogin'
import './index.scss'

/** The counter: scan a member, or sign in as staff first. */
export default function StaffPage() {
  const signedIn = useSignedIn('staff')
  return (
    <Page back title='核销台' className='staff'>
      <View>{signedIn ? <Desk /> : <StaffLogin />}</View>
    </Page>
  )
}
