import Taro from '@tarojs/taro'
import { memberToken, refusalOf } from './api'
import { isWeapp } from './platform'

/** A photo that the server has. */
export interface Photo {
  name: string
  url: string
  width: number
  height: number
}

/** The longest side a photo is sent with, in px: enough for any phone's screen, far below the server's limit. */
const LONGEST = 1600
const QUALITY = 0.85

/** Lets the person choose photos; gives local paths. Empty when they changed their mind. */
export async function choosePhotos(count: number): Promise<string[]> {
  try {
    if (isWeapp) {
      const { tempFiles } = await Taro.chooseMedia({ count, mediaType: ['image'], sizeType: ['compressed'] })
      return tempFiles.map((file) => file.tempFilePath)
    }
    return (await Taro.chooseImage({ count, sizeType: ['compressed'] })).tempFilePaths
  } catch {
    return []
  }
}

/** A photo no larger than needed, drawn again by the browser. WeChat's own compression does it there. */
async function shrink(path: string): Promise<Blob> {
  const picture = new Image()
  picture.src = path
  await picture.decode()
  const scale = Math.min(1, LONGEST / Math.max(picture.naturalWidth, picture.naturalHeight))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.naturalWidth * scale)
  canvas.height = Math.round(picture.naturalHeight * scale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
  if (!blob) throw new Error('The browser could not draw the photo')
  return blob
}

const ADDRESS = `${API_BASE}/uploads`
const FIELD = 'file'
const FILE_NAME = 'photo.jpg'
const TIMEOUT_MS = 30_000
interface Answer {
  status: number
  text: string
}

async function sendByWechat(path: string, header: Record<string, string>): Promise<Answer> {
  const sent = await Taro.uploadFile({
    url: ADDRESS,
    filePath: path,
    name: FIELD,
    fileName: FILE_NAME,
    header,
    timeout: TIMEOUT_MS,
  })
  return { status: sent.statusCode, text: sent.data }
}

/** Taro's own way reads the photo back from a blob: address, which the server's content policy rightly forbids pages to fetch. */
async function sendByBrowser(path: string, headers: Record<string, string>): Promise<Answer> {
  const body = new FormData()
  body.append(FIELD, await shrink(path), FILE_NAME)
  const signal = AbortSignal.timeout?.(TIMEOUT_MS)
  const sent = await fetch(ADDRESS, { method: 'POST', headers, body, signal })
  return { status: sent.status, text: await sent.text() }
}

/** Sends one photo. Throws a Failure that can be said. */
export async function uploadPhoto(path: string): Promise<Photo> {
  const headers = { Authorization: `Bearer ${await memberToken()}` }
  let answer: Answer
  try {
    answer = await (isWeapp ? sendByWechat(path, headers) : sendByBrowser(path, headers))
  } catch {
    throw refusalOf(null, 0)
  }
  const body = readJson(answer.text)
  if (answer.status !== 200) throw refusalOf(body, answer.status)
  return (body as { items: [Photo] }).items[0]
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
