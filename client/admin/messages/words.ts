/** The colour of a status: green for what arrived, red for what needs somebody, amber for what was kept back. */
export const statusLook = (status: string): string =>
  status === 'sent'
    ? 'brand'
    : status === 'failed' || status === 'unknown'
      ? 'danger'
      : status === 'skipped'
        ? 'warn'
        : status === 'pending' || status === 'sending'
          ? 'info'
          : ''
