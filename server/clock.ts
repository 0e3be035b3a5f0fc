/** The one source of "now" (epoch ms). Tests and simulations hand in their own. */
export interface Clock {
  now(): number
}
export const systemClock: Clock = { now: () => Date.now() }
