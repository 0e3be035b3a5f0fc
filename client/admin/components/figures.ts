/** +279 or −600 with a true minus, grouped by thousands: how a movement of points is printed. */
export const signed = (points: number): string =>
  `${points < 0 ? '\u2212' : '+'}${Math.abs(points).toLocaleString('zh-CN')}`
