import { pictureOf } from './words'
import './banners.css'

/** A banner as the home page shows it, at its size on a phone. */
export function BannerPreview({
  title,
  text,
  picture,
  link,
}: {
  title: string
  text: string
  picture: string
  link: string
}) {
  return (
    <div className='banner-card'>
      <img src={pictureOf(picture)} alt='' />
      <div className='shade' />
      <div className='words'>
        <strong>{title || '标题'}</strong>
        {text ? <span>{text}</span> : null}
        {link ? <em>去看看</em> : null}
      </div>
    </div>
  )
}
