/** A run of the sentence, highlighted or not. */
export interface Run {
  text: string
  marked: boolean
  at: number
}

/**
 * Cuts a sentence at its marks, in the order in which they appear. A mark that the sentence does not hold is passed over, and
 * one that is said twice marks its next place.
 */
export function runsOf(sentence: string, marks: readonly string[]): Run[] {
  const taken: { from: number; to: number }[] = []
  let cursor = 0
  for (const mark of marks) {
    if (!mark) continue
    const ahead = sentence.indexOf(mark, cursor)
    const from = ahead >= 0 ? ahead : sentence.indexOf(mark)
    if (from < 0) continue
    const to = from + mark.length
    if (taken.some((other) => from < other.to && other.from < to)) continue
    taken.push({ from, to })
    if (ahead >= 0) cursor = to
  }
  taken.sort((a, b) => a.from - b.from)
  const runs: Run[] = []
  let at = 0
  for (const { from, to } of taken) {
    if (from > at) runs.push({ text: sentence.slice(at, from), marked: false, at })
    runs.push({ text: sentence.slice(from, to), marked: true, at: from })
    at = to
  }
  if (at < sentence.length) runs.push({ text: sentence.slice(at), marked: false, at })
  return runs
}

/** The rule in one sentence, with every part that a field decides highlighted. */
export function RuleSentence({ sentence, marks }: { sentence: string; marks: readonly string[] }) {
  return (
    <p className='sentence'>
      {runsOf(sentence, marks).map((run) =>
        run.marked ? <b key={run.at}>{run.text}</b> : <span key={run.at}>{run.text}</span>,
      )}
    </p>
  )
}
