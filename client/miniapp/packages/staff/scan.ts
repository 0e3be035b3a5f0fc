import { isWeapp, scanWithWechat } from '../../platform'

/** The part of the browser's BarcodeDetector that is used here; TypeScript's own library does not know it yet. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<Array<{ rawValue: string }>>
}
declare global {
  interface Window {
    BarcodeDetector?: new (options: { formats: string[] }) => Detector
  }
}

const LOOK_EVERY_MS = 150

/** Shows the camera over the whole page until a code is read or the person closes it. Browser only. */
async function scanWithBrowser(): Promise<string | null> {
  const Detect = window.BarcodeDetector
  if (!Detect) return null
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  const detector = new Detect({ formats: ['qr_code', 'code_128'] })
  const video = document.createElement('video')
  const close = document.createElement('button')
  const sheet = document.createElement('div')
  video.setAttribute('playsinline', '')
  video.className = 'camera__video'
  close.textContent = '取消'
  close.className = 'camera__close'
  sheet.className = 'camera'
  sheet.append(video, close)
  document.body.append(sheet)
  video.srcObject = stream
  await video.play()
  return new Promise((resolve) => {
    const end = (text: string | null): void => {
      clearInterval(timer)
      for (const track of stream.getTracks()) track.stop()
      sheet.remove()
      resolve(text)
    }
    const timer = setInterval(() => {
      detector.detect(video).then(
        ([found]) => found && end(found.rawValue),
        () => undefined,
      )
    }, LOOK_EVERY_MS)
    close.onclick = () => end(null)
  })
}

/** Reads a member code by camera. Null when the person closed the scanner; throws where the camera is refused. */
export const scanCode = (): Promise<string | null> => (isWeapp ? scanWithWechat() : scanWithBrowser())

/** The 18 digits in what was scanned or typed, spaces aside; null when there are none. */
export function memberCodeIn(text: string): string | null {
  const digits = text.replace(/[\s-]/g, '')
  return /^88\d{16}$/.test(digits) ? digits : null
}

/** The 12 digits of a pick-up code in what was scanned or typed; null when there are none. */
export function pickupCodeIn(text: string): string | null {
  const digits = text.replace(/[\s-]/g, '')
  return /^66\d{10}$/.test(digits) ? digits : null
}
