/**
 * Code 128, set C: each symbol stands for two digits, so 18 digits need 9 symbols and 134 modules. Bars and spaces of the
 * 107 symbols as widths in modules, in the order of the standard (ISO/IEC 15417).
 */
const WIDTHS = (
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 ' +
  '123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 ' +
  '131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 ' +
  '213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 ' +
  '141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 ' +
  '124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 ' +
  '411131 211412 211214 211232 2331112'
).split(' ')
const START_C = 105
const STOP = 106

/** Widths in modules of bar, space, bar … for an even number of digits, without the quiet zones. Throws a RangeError otherwise. */
export function code128(digits: string): number[] {
  if (!/^(\d\d)+$/.test(digits)) throw new RangeError('Code 128 C takes an even number of digits')
  const pairs = (digits.match(/../g) ?? []).map(Number)
  const sum = pairs.reduce((total, value, index) => total + value * (index + 1), START_C)
  return [START_C, ...pairs, sum % 103, STOP].flatMap((symbol) => (WIDTHS[symbol] ?? '').split('').map(Number))
}

/**
 * The bars as an SVG data URI, `height` modules high, with the quiet zone of 10 modules on both sides: black on white in
 * every mode, because that is what scanners are built for.
 */
export function code128Picture(digits: string, height: number): string {
  const quiet = 10
  let at = quiet
  let path = ''
  code128(digits).forEach((width, index) => {
    if (index % 2 === 0) path += `M${at} 0h${width}v${height}h-${width}z`
    at += width
  })
  const total = at + quiet
  return asDataUri(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total} ${height}" width="${total * 4}" height="${height * 4}" preserveAspectRatio="none" shape-rendering="crispEdges"><path d="${path}" fill="#10261F"/></svg>`,
  )
}

/** A QR matrix as an SVG data URI, one path with a run of modules per move, and a quiet zone of `quiet` modules. */
export function matrixPicture(matrix: boolean[][], quiet: number): string {
  const size = matrix.length + quiet * 2
  let path = ''
  matrix.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const from = x
      while (row[x + 1]) x++
      path += `M${from + quiet} ${y + quiet}h${x - from + 1}v1h-${x - from + 1}z`
    }
  })
  return asDataUri(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size * 8}" height="${size * 8}" shape-rendering="crispEdges"><path d="${path}" fill="#10261F"/></svg>`,
  )
}

const asDataUri = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg)}`
