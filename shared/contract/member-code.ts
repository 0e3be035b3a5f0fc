import { z } from 'zod'
import { define, time } from './define'

export const memberCode = define({
  'GET /me/code': {
    summary: '会员码：当前与之后几步的 18 位码，每步 60 秒，用一次即失效，只在取码的设备上有效',
    allow: 'member',
    input: z.strictObject({ refresh: z.enum(['1']).optional() }),
    output: z.object({
      serverTime: time,
      stepSeconds: z.int(),
      codes: z
        .array(z.object({ code: z.string().regex(/^88\d{16}$/), from: time, until: time }))
        .min(1)
        .max(10),
      /** For a phone that loses its network: one code for each half hour from `from` on; they earn and do nothing else. */
      offline: z.object({ stepSeconds: z.int(), from: time, codes: z.array(z.string()).max(100) }),
    }),
    errors: [],
  },
})
