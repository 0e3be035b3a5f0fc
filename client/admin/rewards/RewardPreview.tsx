import type { Output } from '@shared/contract'
import { formatYuanShort } from '@shared/money'
import { Icon } from '../components/Icon'
import type { Draft } from './draft'
import { RewardPicture } from './RewardPicture'
import { priceOf } from './words'

type Preview = Output<'POST /admin/rewards/previews'>
type Card = Preview['card']

/** A reward as a member sees it in the mall. */
export function RewardTile({ card, description }: { card: Card; description?: string }) {
  return (
    <div className='reward-tile'>
      <div className='cover'>
        <RewardPicture picture={card.picture} size='100%' />
        {card.tierName ? <span className='tag gold'>{card.tierName}专享</span> : null}
      </div>
      <div className='words'>
        <h3 className='cut'>{card.name}</h3>
        <p className='i3 cut'>{card.subtitle || card.category}</p>
        <div className='row between'>
          <b className='num price'>{priceOf(card)}</b>
          {card.worthFen ? <s className='i3 num t12'>{formatYuanShort(card.worthFen)}</s> : null}
        </div>
        <div className='t12 i3 num'>剩 {card.stockLeft.toLocaleString('zh-CN')} 件</div>
        {description ? <p className='i2 about'>{description}</p> : null}
        <div className='take' aria-hidden='true'>
          立即兑换
        </div>
      </div>
    </div>
  )
}

/** The phone at the right of the form: the tile, and the rule in one sentence. */
export function RewardPreview({ preview, draft }: { preview: Preview | undefined; draft: Draft }) {
  return (
    <aside className='preview' aria-label='预览'>
      <div className='row between'>
        <h2>会员看到的样子</h2>
      </div>
      <div className='phone'>
        <div className='bar'>积分商城</div>
        <div className='screen'>
          {preview ? (
            <RewardTile card={preview.card} description={draft.description} />
          ) : (
            <div className='bone' style={{ height: 320 }} role='status' aria-label='正在生成预览' />
          )}
        </div>
      </div>
      <div className='panel reading'>
        <h2>
          <Icon name='document' />
          规则读出来是这样
        </h2>
        <p className='i2'>{preview?.sentence ?? '…'}</p>
      </div>
    </aside>
  )
}
