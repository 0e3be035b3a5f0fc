import { bind } from '../http/bind'
import { closeShift, currentShift, openShift, ownShifts, shiftReports } from './service'

export const shiftsRoutes = [
  bind('GET /staff/shifts/current', ({ tx, actor, input, now }) => currentShift(tx, actor, input.storeId, now)),
  bind('POST /staff/shifts', ({ tx, actor, input, now }) => openShift(tx, actor, input, now)),
  bind('POST /staff/shifts/:shiftId/close', ({ tx, actor, input, now }) => closeShift(tx, actor, input, now)),
  bind('GET /staff/shifts', ({ tx, actor, input, now }) => ownShifts(tx, actor, input, now)),
  bind('GET /admin/shifts', ({ tx, actor, input, now }) => shiftReports(tx, actor, input, now)),
]
