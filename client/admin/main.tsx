import './theme/tokens.css'
import './theme/base.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { Entrance } from './auth/Entrance'
import { queryClient } from './queries'
import { SessionProvider } from './session'
import { ThemeProvider } from './theme/ThemeProvider'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root')

createRoot(root).render(
  <ThemeProvider>
    <QueryClientProvider client={queryClient}>
      <SessionProvider>
        <Entrance />
      </SessionProvider>
    </QueryClientProvider>
  </ThemeProvider>,
)
