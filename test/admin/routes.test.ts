import { menuPageOf, pages } from '../../client/admin/routes'
import { permissions } from '../../shared/permissions'

test('every page names a permission that exists and an address of its own', () => {
  expect(new Set(pages.map((page) => page.path)).size).toBe(pages.length)
  for (const page of pages) expect(Object.keys(permissions)).toContain(page.permission)
})

test('the menu entry of a page is the one whose address it stands under', () => {
  expect(menuPageOf('/')?.title).toBe('工作台')
  expect(menuPageOf('/coupons/t1/edit')?.title).toBe('优惠券')
  expect(menuPageOf('/couponsish')).toBeUndefined()
})
