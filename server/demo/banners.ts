import { contract } from '../../shared/contract'
import { addDays, civilDay, endOfDay, MINUTE_MS, startOfDay } from '../../shared/time'
import { createBanner, moveBanner } from '../campaigns/service'
import type { Deps } from '../deps'
import { membersByExternalId } from '../members/service'
import { changeProfile, interestCatalogue } from '../profiles/service'
import { demoMember } from './accounts'

/** What the demo shop shows on its home page: one for everybody, one for those who bought once. */
const banners = [
  {
    title: '冬日茶会',
    text: '周末到店，热茶一杯',
    picture: 'art:lanterns',
    link: 'packages/mall/index',
    segment: null,
    priority: 8,
  },
  {
    title: '再来一次',
    text: '银杏黄了，回来看看新到的香氛',
    picture: 'art:leaves',
    link: 'pages/coupons/index',
    segment: '只买过一次',
    priority: 5,
  },
]
/** Members who have said what they like; the story's own member still has it before her. */
const outspoken = 90

/** Hangs up the banners and lets some members say what they like. A second run finds both. */
export const seedBanners = async (deps: Deps, customers: readonly string[]): Promise<void> => {
  const now = deps.clock.now()
  const today = civilDay(now)
  await deps.db.tx(async (tx) => {
    for (const { segment, ...words } of banners) {
      if ((await tx.read('SELECT id FROM banner WHERE title = ?', [words.title])).length) continue
      const [group] = segment
        ? await tx.read<{ id: string }>('SELECT id FROM segment WHERE name = ?', [segment])
        : [undefined]
      if (segment && !group) continue
      const draft = contract['POST /admin/banners'].input.parse({
        ...words,
        segmentId: group?.id ?? null,
        startsAt: startOfDay(addDays(today, -3)),
        endsAt: endOfDay(addDays(today, 18)),
      })
      const made = await createBanner(tx, draft, now - MINUTE_MS)
      await moveBanner(tx, { bannerId: made.id, version: made.version, to: 'published' }, now)
    }
  })
  const catalogue = await interestCatalogue(deps.db)
  const known = await membersByExternalId(deps.db, deps.keys, 'demo', customers.slice(0, outspoken))
  await deps.db.tx(async (tx) => {
    for (const [i, memberId] of [...known.values()].entries()) {
      const [told] = await tx.read('SELECT memberId FROM member_interest WHERE memberId = ? LIMIT 1', [memberId])
      const [self] = await tx.read<{ name: string }>('SELECT name FROM member WHERE id = ?', [memberId])
      if (told || self?.name === demoMember.name) continue
      const interests = [0, 3, 7].slice(0, 1 + (i % 3)).map((step) => catalogue[(i * 5 + step) % catalogue.length])
      await changeProfile(tx, deps, memberId, { interests }, now)
    }
  })
}
