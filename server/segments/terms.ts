import { birthdayKeysOn } from '../../shared/lunar'
import { civilDay } from '../../shared/time'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import type { Keys } from '../keys'
import { birthdayKeyOf } from '../members/service'
import { interestCatalogue } from '../profiles/service'
import { tiersOf } from '../tiers/service'
import { optionsOf, productOptions } from './facts'
import type { Terms, Tree } from './leaf-rules'
import { type Compiled, compileTree } from './rules'
import { type Names, refersTo, sentenceOf } from './words'

/** What trees are compiled with at a moment. */
export const termsAt = (keys: Keys, now: number): Terms => ({
  today: civilDay(now),
  birthdayKeys: (days) => days.flatMap((d) => birthdayKeysOn(d).map((b) => birthdayKeyOf(keys, b))),
})

/** A tree as one SQL condition on `f`, a row of segment_fact. Throws `invalid_input` where it does not fit the catalogue. */
export const compileSegment = (keys: Keys, tree: Tree, now: number): Compiled => compileTree(tree, termsAt(keys, now))

interface Option {
  value: string
  label: string
}
/** The choices of a field's list; null for products, which are searched. */
export const choicesOf = async (db: Reader, list: string): Promise<Option[] | null> => {
  if (list === 'tiers') return (await tiersOf(db)).map((t) => ({ value: String(t.level), label: t.name }))
  if (list === 'interests') return (await interestCatalogue(db)).map((name) => ({ value: name, label: name }))
  if (list === 'tags') return db.read('SELECT id AS value, name AS label FROM tag ORDER BY category, name')
  if (list === 'segments')
    return db.read('SELECT id AS value, name AS label FROM segment WHERE tracked = 1 ORDER BY name')
  return list in optionsOf ? optionsOf[list as keyof typeof optionsOf](db) : null
}

/** The names of everything some trees refer to. */
export const namesFor = async (db: Reader, trees: readonly Tree[]): Promise<Names> => {
  const wanted = new Map<string, Set<string>>()
  for (const tree of trees)
    for (const [list, ids] of refersTo(tree)) wanted.set(list, new Set([...(wanted.get(list) ?? []), ...ids]))
  const names = new Map<string, string>()
  for (const [list, ids] of wanted) {
    const options = (await choicesOf(db, list)) ?? (await productOptions(db, '', [...ids].slice(0, 500)))
    for (const o of options) names.set(`${list}:${o.value}`, o.label)
  }
  return names
}

/** A tree in words, names looked up. */
export const describeTree = async (db: Reader, tree: Tree): Promise<string> =>
  sentenceOf(tree, await namesFor(db, [tree]))

/** Members at home in some stores: joined there or last bought there. */
export const within = (storeIds: readonly string[] | null): { text: string; params: string[] } =>
  storeIds
    ? {
        text: ` AND (f.joinedStoreId IN ${marks(storeIds)} OR f.lastStoreId IN ${marks(storeIds)})`,
        params: [...storeIds, ...storeIds],
      }
    : { text: '', params: [] }
