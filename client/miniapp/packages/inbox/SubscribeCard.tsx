import type { Input } from '@shared/contract'
import { View } from '@tarojs/components'
import { sayFailure } from '../../api'
import { Button } from '../../components/Button'
import { ListRow } from '../../components/ListRow'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { toast } from '../../nav'
import { askToSubscribe, isWeapp } from '../../platform'

/** WeChat shows at most three templates in one question. */
const ASK_AT_ONCE = 3

/** Offers reminders through WeChat, where none are left in stock; asks only after a tap and never by itself. */
export function SubscribeCard() {
  const query = useQuery('GET /me/subscriptions', {}, { when: isWeapp })
  const report = useAction('POST /me/subscriptions')
  const short = query.data?.items.filter((one) => one.credits === 0).slice(0, ASK_AT_ONCE) ?? []
  if (short.length === 0) return null
  const ask = async (): Promise<void> => {
    const results = await askToSubscribe(short.map((one) => one.templateId))
    if (Object.keys(results).length === 0) return
    try {
      await report.run({ results: results as Input<'POST /me/subscriptions'>['results'] })
      await query.reload()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <View className='card inbox__ask'>
      <ListRow
        icon='bell'
        tone='gold'
        title='在微信里提醒我一次'
        detail={short.map((one) => one.title).join('、')}
        right={
          <Button kind='ghost' busy={report.busy} target='subscribe' onTap={() => void ask()}>
            开启
          </Button>
        }
      />
    </View>
  )
}
