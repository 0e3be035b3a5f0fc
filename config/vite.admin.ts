import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, loadEnv } from 'vite'

const root = path.resolve(__dirname, '../client/admin')

/** Build and dev server of the admin page. `PORT` names the API to talk to during development, as it does for the API itself. */
export default defineConfig(({ mode }) => {
  const { PORT = '3000' } = loadEnv(mode, root, 'PORT')
  const api = `http://127.0.0.1:${PORT}`
  return {
    root,
    base: '/admin/',
    cacheDir: path.resolve(__dirname, '../node_modules/.vite/admin'),
    plugins: [react()],
    resolve: { alias: { '@shared': path.resolve(__dirname, '../shared') } },
    // The repository's root may carry a PostCSS set-up for the mini-program; it is not meant for this page.
    css: { postcss: {} },
    server: { host: '127.0.0.1', proxy: { '/api': api } },
    build: { outDir: path.resolve(__dirname, '../dist/admin'), emptyOutDir: true, chunkSizeWarningLimit: 1200 },
  }
})
