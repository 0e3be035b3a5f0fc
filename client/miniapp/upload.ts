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

/** A photo no larger than needed. WeChat's own compression does it there; a browser draws it again. */
async function shrink(path: string): Promise<string> {
  if (isWeapp) return path
  const picture = new Image()
  picture.src = path
  await picture.decode()
  const scale = Math.min(1, LONGEST / Math.max(picture.naturalWidth, picture.naturalHeight))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.naturalWidth * scale)
  canvas.height = Math.round(picture.naturalHeight * scale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
  return blob ? URL.createObjectURL(blob) : path
}

/** Sends one photo. Throws a Failure that can be said. */
export async function uploadPhoto(path: string): Promise<Photo> {
  const token = await memberToken()
  let answer: { statusCode: number; data: string }
  try {
    answer = await Taro.uploadFile({
      url: `${API_BASE}/uploads`,
      filePath: await shrink(path),
      name: 'file',
      fileName: 'photo.jpg',
      header: { Authorization: `Bearer ${token}` },
      timeout: 30_000,
    })
  } catch {
    throw refusalOf(null, 0)
  }
  const body = readJson(answer.data)
  if (answer.statusCode !== 200) throw refusalOf(body, answer.statusCode)
  return (body as { items: [Photo] }).items[0]
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
