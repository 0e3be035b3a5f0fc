import { useMemo } from 'react'
import { createBrowserRouter, RouterProvider } from 'react-router'
import { type Page, pages } from '../routes'
import { useSession } from '../session'
import { NoAccess, NotFound, PageCrash } from './DeadEnds'
import { Shell } from './Shell'

/** Draws nothing of a page that the account may not open, whatever address was typed. */
function guarded(page: Page) {
  return async () => {
    const { default: Component } = await page.load()
    return {
      Component: function Guarded() {
        return useSession().can(page.permission) ? <Component /> : <NoAccess title={page.title} />
      },
    }
  }
}

/** Everything behind the sign-in: the frame and, inside it, the page of the address. */
export default function Workplace() {
  const router = useMemo(
    () =>
      createBrowserRouter(
        [
          {
            element: <Shell />,
            hydrateFallbackElement: <div />,
            children: [
              {
                errorElement: <PageCrash />,
                children: [
                  ...pages.map((page) => ({ path: page.path, lazy: guarded(page) })),
                  { path: '*', element: <NotFound /> },
                ],
              },
            ],
          },
        ],
        { basename: '/admin' },
      ),
    [],
  )
  return <RouterProvider router={router} />
}
