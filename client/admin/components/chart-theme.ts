/** The colours of the current look, read from the tokens so that a brand's override reaches the charts too. */
export function chartColours() {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    line: token('--chart-line'),
    mean: token('--chart-mean'),
    gold: token('--gold'),
    goldTint: token('--gold-tint'),
    goldInk: token('--gold-ink'),
    ink2: token('--ink-2'),
    ink3: token('--ink-3'),
    rule: token('--line'),
    card: token('--card'),
    tip: token('--tip'),
    font: token('--font'),
  }
}

/** The dark tooltip of every chart. */
export const tooltipStyle = (background: string) => ({
  backgroundColor: background,
  borderWidth: 0,
  padding: [8, 12],
  textStyle: { color: '#FFFFFF', fontSize: 12 },
  extraCssText: 'border-radius:8px;box-shadow:0 8px 24px rgba(31,35,41,.16)',
})
