/** Size of the poster in px, and how finely it is drawn. */
export const POSTER = { width: 270, height: 432, fineness: 3 }

/** The part of a 2D context that is used; WeChat's canvas and a browser's have it alike. */
type Brush = Pick<
  CanvasRenderingContext2D,
  | 'scale'
  | 'fillRect'
  | 'fillText'
  | 'drawImage'
  | 'createLinearGradient'
  | 'beginPath'
  | 'arc'
  | 'fill'
  | 'moveTo'
  | 'lineTo'
  | 'arcTo'
  | 'closePath'
> & { fillStyle: unknown; font: string; textAlign: string; textBaseline: string }

export interface PosterWords {
  shop: string
  name: string
  title: string
  under: string
  code: string
}

function roundedBox(brush: Brush, x: number, y: number, width: number, height: number, radius: number): void {
  brush.beginPath()
  brush.moveTo(x + radius, y)
  brush.arcTo(x + width, y, x + width, y + height, radius)
  brush.arcTo(x + width, y + height, x, y + height, radius)
  brush.arcTo(x, y + height, x, y, radius)
  brush.arcTo(x, y, x + width, y, radius)
  brush.closePath()
  brush.fill()
}

/** A gingko leaf of the brand, `size` px high, from its stalk at (x, y). */
function leaf(brush: Brush, x: number, y: number, size: number): void {
  brush.beginPath()
  brush.arc(x - size * 0.34, y - size * 0.62, size * 0.38, 0, Math.PI * 2)
  brush.arc(x + size * 0.34, y - size * 0.62, size * 0.38, 0, Math.PI * 2)
  brush.fill()
  brush.beginPath()
  brush.moveTo(x - size * 0.66, y - size * 0.46)
  brush.lineTo(x, y)
  brush.lineTo(x + size * 0.66, y - size * 0.46)
  brush.closePath()
  brush.fill()
}

/** Draws the poster: who invites to which shop, what it brings, and the code to scan. */
export function drawPoster(brush: Brush, words: PosterWords, picture: CanvasImageSource | null): void {
  const { width, height, fineness } = POSTER
  brush.scale(fineness, fineness)
  const ground = brush.createLinearGradient(0, 0, 0, height)
  ground.addColorStop(0, '#07503A')
  ground.addColorStop(1, '#0E7757')
  brush.fillStyle = ground
  brush.fillRect(0, 0, width, height)
  brush.fillStyle = 'rgba(255,255,255,0.06)'
  leaf(brush, width - 34, 118, 110)
  leaf(brush, 40, 250, 84)
  brush.textAlign = 'center'
  brush.textBaseline = 'alphabetic'
  brush.fillStyle = '#E0F0E9'
  brush.font = '13px sans-serif'
  brush.fillText(`${words.name} 邀请你来`, width / 2, 52)
  brush.fillStyle = '#FFFFFF'
  brush.font = 'bold 20px sans-serif'
  brush.fillText(words.shop, width / 2, 82)
  brush.fillStyle = '#F0DDB0'
  brush.font = 'bold 30px serif'
  brush.fillText(words.title, width / 2, 136)
  brush.fillStyle = '#E0F0E9'
  brush.font = '12px sans-serif'
  brush.fillText(words.under, width / 2, 160)
  brush.fillStyle = '#FFFFFF'
  roundedBox(brush, 45, 186, 180, 206, 16)
  if (picture) brush.drawImage(picture, 60, 200, 150, 150)
  brush.fillStyle = '#4E545C'
  brush.font = '12px sans-serif'
  brush.fillText(`扫码入会，邀请码 ${words.code}`, width / 2, 376)
}
