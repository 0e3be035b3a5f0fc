export { seededRandom } from './models/random'
export { incompleteBeta, inverseIncompleteBeta, logGamma } from './models/special'
export { rfmAxes } from './rfm-axes'
