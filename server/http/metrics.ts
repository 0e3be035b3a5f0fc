import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** Prometheus measurements of one process. */
export interface Meter {
  request(key: string, status: number, ms: number): void
  text(): Promise<string>
  contentType: string
}
export const createMeter = (): Meter => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const seconds = new Histogram({
    name: 'huiyuan_request_seconds',
    help: 'Time to answer, by contract key and status class.',
    labelNames: ['key', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [registry],
  })
  return {
    request: (key, status, ms) => seconds.observe({ key, status: `${Math.floor(status / 100)}xx` }, ms / 1000),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
