import { App, theme as antdTheme, ConfigProvider, type ThemeConfig } from 'antd'
import zhCN from 'antd/locale/zh_CN'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'

/** The two looks of the page. */
export type Mode = 'light' | 'dark'

const STORAGE_KEY = 'huiyuan.admin.theme'

/** What antd must be told; everything antd does not draw reads the same values from tokens.css. */
const palette = {
  light: {
    brand: '#0B6E4F',
    ink: '#1F2329',
    ink2: '#4E545C',
    ink3: '#676D76',
    border: '#D5D9DE',
    line: '#EFF1F4',
    ground: '#F5F6F8',
    card: '#FFFFFF',
    danger: '#C2352B',
    onBrand: '#FFFFFF',
    head: '#F8F9FA',
    faint: '#9AA1AA',
    tint: '#E8F3EF',
    tint2: '#CBE3D9',
  },
  dark: {
    brand: '#4DB892',
    ink: '#E9ECEF',
    ink2: '#B9C0C8',
    ink3: '#949CA6',
    border: '#3A424B',
    line: '#242A30',
    ground: '#101316',
    card: '#181C20',
    danger: '#FF8A7F',
    onBrand: '#06251B',
    head: '#1E2328',
    faint: '#6B747E',
    tint: '#15302A',
    tint2: '#1F4A3E',
  },
} as const

function themeOf(mode: Mode, stillness: boolean): ThemeConfig {
  const c = palette[mode]
  return {
    algorithm: mode === 'dark' ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
    token: {
      motion: !stillness,
      colorPrimary: c.brand,
      colorLink: c.brand,
      colorError: c.danger,
      colorTextBase: c.ink,
      colorText: c.ink,
      colorTextSecondary: c.ink2,
      colorTextDescription: c.ink3,
      colorTextPlaceholder: c.ink3,
      colorTextDisabled: c.faint,
      colorPrimaryBg: c.tint,
      colorPrimaryBgHover: c.tint2,
      controlItemBgActive: c.tint,
      controlItemBgActiveHover: c.tint2,
      colorBorder: c.border,
      colorBorderSecondary: c.line,
      colorBgLayout: c.ground,
      colorBgContainer: c.card,
      colorBgElevated: mode === 'dark' ? '#20262B' : '#FFFFFF',
      borderRadius: 8,
      controlHeight: 32,
      fontSize: 13,
      fontFamily: 'var(--font)',
    },
    components: {
      Button: {
        fontWeight: 500,
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        primaryColor: c.onBrand,
        paddingInline: 12,
      },
      Segmented: {
        trackBg: 'var(--seg)',
        itemSelectedBg: 'var(--seg-on)',
        itemColor: c.ink2,
        itemSelectedColor: c.ink,
        trackPadding: 2,
      },
      Table: {
        headerBg: c.head,
        headerColor: c.ink3,
        headerSplitColor: 'transparent',
        rowHoverBg: c.head,
        cellPaddingBlock: 8,
        headerSortActiveBg: c.head,
        headerSortHoverBg: c.head,
        bodySortBg: 'transparent',
        rowSelectedBg: c.tint,
        rowSelectedHoverBg: c.tint,
        headerFilterHoverBg: c.line,
        cellPaddingInline: 12,
        borderColor: c.line,
      },
      Form: {
        labelFontSize: 12,
        labelColor: c.ink2,
        verticalLabelPadding: '0 0 4px',
        itemMarginBottom: 12,
        labelHeight: 18,
      },
      Tabs: { horizontalItemPadding: '12px 0 10px', horizontalItemGutter: 24, titleFontSize: 13 },
      Modal: { titleFontSize: 16 },
      Tooltip: { fontSize: 12 },
    },
  }
}

const ThemeContext = createContext<{ mode: Mode; toggle: () => void }>({ mode: 'light', toggle: () => undefined })

/** The current look and the switch between the two. */
export const useTheme = () => useContext(ThemeContext)

const storedMode = (): Mode => (localStorage.getItem(STORAGE_KEY) === 'dark' ? 'dark' : 'light')

/** Gives antd and our own css the same tokens, in light or dark, and remembers the choice on this computer. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const [mode, setMode] = useState<Mode>(storedMode)
  const stillness = useMemo(() => window.matchMedia('(prefers-reduced-motion: reduce)').matches, [])
  useEffect(() => {
    document.documentElement.dataset.theme = mode
    localStorage.setItem(STORAGE_KEY, mode)
  }, [mode])
  const value = useMemo(() => ({ mode, toggle: () => setMode((m) => (m === 'dark' ? 'light' : 'dark')) }), [mode])
  const config = useMemo(() => themeOf(mode, stillness), [mode, stillness])
  return (
    <ThemeContext.Provider value={value}>
      <ConfigProvider
        theme={config}
        locale={zhCN}
        button={{ autoInsertSpace: false }}
        form={{ requiredMark: false, scrollToFirstError: true }}
      >
        <App component={false} message={{ maxCount: 3 }}>
          {children}
        </App>
      </ConfigProvider>
    </ThemeContext.Provider>
  )
}
