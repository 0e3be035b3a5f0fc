import { Input } from 'antd'
import { PictureUpload } from '../components/PictureUpload'
import { art, RewardPicture } from './RewardPicture'

const address = /^(https:\/\/\S+|\/[\w./-]+)$/

/** Chooses the cover: a drawing, a picture uploaded here, or an address. Other pictures of the reward stay behind it. */
export function ArtPicker({
  id,
  value = [],
  onChange,
}: {
  id?: string
  value?: string[]
  onChange?: (pictures: string[]) => void
}) {
  const [cover = 'art:gift', ...rest] = value
  const choose = (picture: string) => onChange?.([picture, ...rest])
  const own = cover.startsWith('art:') ? '' : cover
  return (
    <div>
      <fieldset id={id} className='art-picker' aria-label='封面插画'>
        {Object.keys(art).map((name) => (
          <button
            key={name}
            type='button'
            className={cover === `art:${name}` ? 'on' : ''}
            aria-pressed={cover === `art:${name}`}
            aria-label={`插画 ${name}`}
            onClick={() => choose(`art:${name}`)}
          >
            <RewardPicture picture={`art:${name}`} size={40} />
          </button>
        ))}
      </fieldset>
      <div className='art-own'>
        {own && address.test(own) ? <RewardPicture picture={own} size={40} /> : null}
        <PictureUpload onUploaded={choose} />
        <Input
          value={own}
          onChange={(event) => choose(event.target.value.trim() || 'art:gift')}
          status={own && !address.test(own) ? 'error' : undefined}
          placeholder='或填图片地址：https://…'
          maxLength={300}
          allowClear
          aria-label='图片地址'
        />
      </div>
    </div>
  )
}
