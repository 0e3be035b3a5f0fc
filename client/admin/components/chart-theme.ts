/** The colours of the current look, read from the tokens so that a brand's override reaches the charts too. */
export function chartColours() {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    line: token('--chart-line'),
    mean: token('--chart-mean'),
    ink3: token('--ink-3'),
    rule: token('--line'),
    font: token('--font'),
    stages: {
      new: token('--stage-new'),
      active: token('--stage-active'),
      loyal: token('--stage-loyal'),
      dormant: token('--stage-dormant'),
      lost: token('--stage-lost'),
    },
  }
}
