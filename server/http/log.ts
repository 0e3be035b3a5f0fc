import pino, { type Logger } from 'pino'
import type { Env } from '../../config/env'

/** Structured logs. Whatever could identify or admit somebody is cut by path before it is written. */
export const createLog = (env: Pick<Env, 'LOG_LEVEL'>, destination?: pino.DestinationStream): Logger =>
  pino(
    {
      level: env.LOG_LEVEL,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          'phone',
          'openid',
          'token',
          'code',
          'session_key',
          '*.phone',
          '*.openid',
          '*.token',
          '*.accessToken',
          '*.refreshToken',
          '*.code',
          '*.password',
          '*.session_key',
          'headers.authorization',
          'req.headers.authorization',
        ],
        censor: '***',
      },
    },
    destination ?? pino.destination({ sync: false }),
  )
