import { modelRefusal } from './refusal'

/** Features in columns. A missing value is NaN. */
export interface FeatureTable {
  names: string[]
  rows: number
  columns: Float64Array[]
}

/** The rows at these places, in this order. */
export const takeRows = (table: FeatureTable, places: ArrayLike<number>): FeatureTable => ({
  names: table.names,
  rows: places.length,
  columns: table.columns.map((c) => Float64Array.from(places, (i) => c[i])),
})

/** A table with the columns changed; names and number of rows stay. */
export const mapColumns = (
  table: FeatureTable,
  change: (column: Float64Array, at: number) => Float64Array,
): FeatureTable => ({
  ...table,
  columns: table.columns.map(change),
})

/** Throws a refusal where no classifier can learn: no rows, labels of one class only, infinite features, unequal lengths. */
export const requireLearnable = (table: FeatureTable, labels: ArrayLike<number>): void => {
  if (!table.rows) throw modelRefusal('There are no rows to learn from')
  if (labels.length !== table.rows) throw modelRefusal(`${table.rows} rows have ${labels.length} labels`)
  let positives = 0
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1) throw modelRefusal(`The label of row ${i} is ${labels[i]}, not 0 or 1`)
    positives += labels[i]
  }
  if (!positives || positives === table.rows)
    throw modelRefusal(`All ${table.rows} rows have the label ${positives ? 1 : 0}: there is nothing to tell apart`)
  if (!table.columns.length) throw modelRefusal('There are no features')
  table.columns.forEach((column, f) => {
    if (column.length !== table.rows) throw modelRefusal(`The feature ${table.names[f]} has ${column.length} rows`)
    for (let i = 0; i < column.length; i++)
      if (column[i] === Infinity || column[i] === -Infinity)
        throw modelRefusal(`The feature ${table.names[f]} is infinite in row ${i}`)
  })
}
