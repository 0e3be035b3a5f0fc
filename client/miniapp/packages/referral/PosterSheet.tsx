import type { Output } from '@shared/contract'
import { Canvas, Image, Text, View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { useCallback, useEffect, useState } from 'react'
import { encode } from 'uqr'
import { Button } from '../../components/Button'
import { matrixPicture } from '../../components/code128'
import { Icon } from '../../components/Icon'
import { QrPicture } from '../../components/QrPicture'
import { Sheet } from '../../components/Sheet'
import { ErrorState, Skeleton } from '../../components/States'
import { spokenPicture } from '../../components/spoken'
import { useQuery } from '../../hooks/useQuery'
import { toast } from '../../nav'
import { isWeapp, savePicture } from '../../platform'
import { drawPoster, POSTER, type PosterWords } from './poster'

type Poster = Output<'GET /me/referrals/poster'>

/** What the canvas of either platform gives. */
interface Paper {
  width: number
  height: number
  getContext(kind: '2d'): CanvasRenderingContext2D
  createImage?: () => HTMLImageElement
}

const CANVAS_ID = 'poster'

/** The canvas on the page in WeChat; in a browser one of our own, which need not be seen. */
function findPaper(): Promise<Paper> {
  if (!isWeapp) return Promise.resolve(document.createElement('canvas') as unknown as Paper)
  return new Promise((resolve, reject) => {
    Taro.createSelectorQuery()
      .select(`#${CANVAS_ID}`)
      .fields({ node: true, size: true })
      .exec((found: Array<{ node?: Paper } | null>) => {
        const node = found[0]?.node
        if (node) resolve(node)
        else reject(new Error('no canvas'))
      })
  })
}

const loadPicture = (paper: Paper, src: string): Promise<HTMLImageElement> =>
  new Promise((resolve, reject) => {
    const image = paper.createImage ? paper.createImage() : document.createElement('img')
    image.onload = () => resolve(image)
    image.onerror = reject
    image.src = src
  })

/** Draws the poster and gives a file (WeChat) or a data address (browser) of it. */
async function paint(words: PosterWords, picture: string): Promise<string> {
  const paper = await findPaper()
  paper.width = POSTER.width * POSTER.fineness
  paper.height = POSTER.height * POSTER.fineness
  drawPoster(paper.getContext('2d'), words, await loadPicture(paper, picture))
  if (!isWeapp) return (paper as unknown as HTMLCanvasElement).toDataURL('image/png')
  const { tempFilePath } = await Taro.canvasToTempFilePath({ canvas: paper as unknown as Taro.Canvas })
  return tempFilePath
}

/** A browser opens the link, WeChat the mini-program: each gets the code that its scanner understands. */
function pictureOf(poster: Poster): string {
  if (!isWeapp) return matrixPicture(encode(poster.link, { ecc: 'M', border: 0 }).data, 2)
  return poster.image.startsWith('data:') ? poster.image : `data:image/png;base64,${poster.image}`
}

function Stage({ poster, friendPoints }: { poster: Poster; friendPoints: number }) {
  const [file, setFile] = useState<string | null>(null)
  const [failed, setFailed] = useState(false)
  const draw = useCallback(async () => {
    try {
      const words: PosterWords = {
        shop: poster.shop,
        name: poster.nameMasked,
        title: friendPoints > 0 ? `送你 ${friendPoints} 积分` : '一起来当会员',
        under: '首次消费后到账，积分能换好物和券',
        code: poster.code,
      }
      setFile(await paint(words, pictureOf(poster)))
    } catch {
      setFailed(true)
    }
  }, [poster, friendPoints])
  useEffect(() => void draw(), [draw])
  const save = async (): Promise<void> => {
    if (file && (await savePicture(file, 'invite.png'))) toast(isWeapp ? '已存到相册' : '已下载')
    else toast('没有存成，请在设置里允许保存到相册')
  }
  return (
    <>
      <View className='poster__stage'>
        {isWeapp && !file && !failed && <Canvas type='2d' id={CANVAS_ID} className='poster__canvas' />}
        {file && <Image className='poster__picture' src={file} mode='aspectFit' {...spokenPicture('邀请海报')} />}
        {failed && <QrPicture className='poster__plain' text={poster.link} label='邀请二维码' />}
      </View>
      {failed ? (
        <View className='t13 i3'>这台手机画不了海报，请朋友直接扫上面的码</View>
      ) : (
        <Button large disabled={!file} target='referral:save' onTap={() => void save()}>
          <Icon name='download' size={18} />
          <Text>存到{isWeapp ? '相册' : '手机'}</Text>
        </Button>
      )}
    </>
  )
}

/** The poster for a friend, made on the phone, with the mini-program's code on it. */
export function PosterSheet({
  data,
  open,
  onClose,
}: {
  data: Output<'GET /me/referrals'>
  open: boolean
  onClose: () => void
}) {
  const query = useQuery('GET /me/referrals/poster', {}, { when: open })
  return (
    <Sheet title='邀请海报' open={open} onClose={onClose}>
      {query.loading && <Skeleton block={432} rows={0} />}
      {query.error && !query.data && <ErrorState error={query.error} onRetry={query.reload} />}
      {query.data && <Stage poster={query.data} friendPoints={data.friendPoints} />}
    </Sheet>
  )
}
