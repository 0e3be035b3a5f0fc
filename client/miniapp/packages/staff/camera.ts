/** The part of the browser's BarcodeDetector that is used here; TypeScript's own library does not know it yet. */
export interface Detector {
  detect(source: HTMLVideoElement | Blob): Promise<Array<{ rawValue: string }>>
}
type DetectorMaker = new (options: { formats: Array<'qr_code' | 'code_128'> }) => Detector
declare global {
  interface Window {
    BarcodeDetector?: DetectorMaker & { getSupportedFormats?: () => Promise<string[]> }
  }
}

const FORMATS: Array<'qr_code' | 'code_128'> = ['qr_code', 'code_128']
const LOOK_EVERY_MS = 150

/** The browser's own reader where it knows both kinds of code, null elsewhere (desktop Chromium, Firefox, Safari). */
async function ownDetector(): Promise<Detector | null> {
  const Own = window.BarcodeDetector
  if (!Own) return null
  try {
    const known = (await Own.getSupportedFormats?.()) ?? []
    return FORMATS.every((format) => known.includes(format)) ? new Own({ formats: FORMATS }) : null
  } catch {
    return null
  }
}

/** Left out of the mini-program by the compiler, which sees the comparison as false there: WeChat scans by itself. */
const loadZxing = () =>
  process.env.TARO_ENV === 'h5'
    ? import(/* webpackMode: "lazy", webpackChunkName: "scanner" */ 'barcode-detector/ponyfill')
    : Promise.reject(new Error('Only a browser needs a reader of its own'))

let reader: Promise<Detector> | null = null

/**
 * Something that reads QR and Code 128: the browser's own, or ZXing as WebAssembly, which is fetched the first time a browser needs it and
 * from this server only, never from somebody else's.
 */
export function codeReader(): Promise<Detector> {
  reader ??= (async () => {
    const own = await ownDetector()
    if (own) return own
    const { BarcodeDetector, prepareZXingModule } = await loadZxing()
    await prepareZXingModule({
      overrides: { locateFile: (file: string) => (file.endsWith('.wasm') ? ZXING_WASM : file) },
      fireImmediately: true,
    })
    return new BarcodeDetector({ formats: FORMATS })
  })()
  // A network that was away is no reason to stay without a reader.
  reader.catch(() => {
    reader = null
  })
  return reader
}

interface Lamp {
  torch?: boolean
}

/** Opens the camera at the back; null where there is none or it was refused. */
async function openCamera(): Promise<MediaStream | null> {
  try {
    return (await navigator.mediaDevices?.getUserMedia({ video: { facingMode: 'environment' } })) ?? null
  } catch {
    return null
  }
}

const button = (text: string, className: string): HTMLButtonElement => {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = text
  made.className = className
  return made
}

/** Lets the person choose a picture of a code; null when they changed their mind. */
const choosePicture = (): Promise<File | null> =>
  new Promise((resolve) => {
    const field = document.createElement('input')
    field.type = 'file'
    field.accept = 'image/*'
    field.onchange = () => resolve(field.files?.[0] ?? null)
    field.addEventListener('cancel', () => resolve(null))
    field.click()
  })

/**
 * Shows the camera over the whole page until a code is read or the person closes it. A picture of a code can be chosen instead, also where
 * there is no camera; a lamp that can be switched on gets a button. Null when it was closed. Browser only.
 */
export async function scanWithBrowser(): Promise<string | null> {
  const sheet = document.createElement('div')
  const video = document.createElement('video')
  const frame = document.createElement('div')
  const words = document.createElement('div')
  const row = document.createElement('div')
  const close = button('取消', 'camera__button')
  const pick = button('选照片', 'camera__button')
  sheet.className = 'camera'
  sheet.setAttribute('role', 'dialog')
  sheet.setAttribute('aria-label', '扫码')
  video.className = 'camera__video'
  video.muted = true
  video.setAttribute('playsinline', '')
  frame.className = 'camera__frame'
  words.className = 'camera__words'
  words.setAttribute('role', 'status')
  words.textContent = '正在打开相机'
  row.className = 'camera__row'
  row.append(close, pick)
  sheet.append(video, frame, words, row)
  document.body.append(sheet)

  return new Promise((resolve) => {
    let open = true
    let stream: MediaStream | null = null
    let timer: ReturnType<typeof setInterval> | undefined
    const end = (text: string | null): void => {
      open = false
      clearInterval(timer)
      for (const track of stream?.getTracks() ?? []) track.stop()
      sheet.remove()
      resolve(text)
    }
    close.onclick = () => end(null)
    pick.onclick = async () => {
      const file = await choosePicture()
      if (!file || !open) return
      words.textContent = '正在识别照片'
      try {
        const [found] = await (await codeReader()).detect(file)
        if (found) end(found.rawValue)
        else words.textContent = '照片里没有找到码，换一张试试'
      } catch {
        words.textContent = '识别不了这张照片，请手动输入'
      }
    }
    const look = async (): Promise<void> => {
      stream = await openCamera()
      if (!open) return end(null)
      if (!stream) {
        words.textContent = '用不了相机，可以选一张照片，或返回手动输入'
        return
      }
      const track = stream.getVideoTracks()[0]
      if (track && (track.getCapabilities?.() as Lamp | undefined)?.torch) {
        const lamp = button('开灯', 'camera__button')
        let on = false
        lamp.onclick = async () => {
          on = !on
          await track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }).catch(() => undefined)
          lamp.textContent = on ? '关灯' : '开灯'
        }
        row.append(lamp)
      }
      video.srcObject = stream
      await video.play()
      const detector = await codeReader()
      words.textContent = '把会员码或取货码放进框里'
      let busy = false
      timer = setInterval(async () => {
        // One look at a time: a slow phone falls behind otherwise.
        if (busy || !open) return
        busy = true
        const [found] = await detector.detect(video).catch(() => [])
        busy = false
        if (found && open) end(found.rawValue)
      }, LOOK_EVERY_MS)
    }
    look().catch(() => {
      words.textContent = '扫码没有准备好，请手动输入'
    })
  })
}
