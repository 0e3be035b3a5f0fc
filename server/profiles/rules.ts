import type { z } from 'zod'
import type { profileField, profilePlan, profileView } from '../../shared/contract/profiles'

export type Plan = z.output<typeof profilePlan>
export type Field = z.output<typeof profileField>
type View = z.output<typeof profileView>

/** Interests one member may choose. */
export const maxChosen = 8

/** The fields in the order they are shown, and what they are called. */
export const fieldTitles: Record<Field, string> = {
  avatar: '头像',
  name: '称呼',
  gender: '性别',
  birthday: '生日',
  phone: '手机号',
  interests: '兴趣',
}
const fields = Object.keys(fieldTitles) as Field[]

/** What a shop has that never changed the rules. Gender is not paid for: nobody should feel pressed to tell. */
export const defaultPlan: Plan = {
  active: true,
  points: { avatar: 10, name: 5, gender: 0, birthday: 20, phone: 20, interests: 15 },
  interests: [
    '咖啡',
    '茶',
    '烘焙',
    '家居布置',
    '香氛',
    '园艺',
    '文具手帐',
    '手作',
    '亲子',
    '节日派对',
    '首饰',
    '复古收藏',
  ],
}

/** Of a member's row, what says which fields are filled in. */
export interface Filling {
  avatar: string | null
  name: string
  gender: string
  birthdaySealed: string | null
  phoneHash: string | null
}

/** The fields a member has filled in. */
export const filledIn = (member: Filling, interests: readonly string[]): Set<Field> => {
  const has: Record<Field, boolean> = {
    avatar: !!member.avatar,
    name: member.name !== '',
    gender: member.gender !== 'unknown',
    birthday: member.birthdaySealed !== null,
    phone: member.phoneHash !== null,
    interests: interests.length > 0,
  }
  return new Set(fields.filter((field) => has[field]))
}

/** The fields a change has filled in that are to be paid for, with their points. */
export const dueFields = (
  plan: Plan,
  { before, after, paid }: { before: ReadonlySet<Field>; after: ReadonlySet<Field>; paid: ReadonlySet<string> },
): { field: Field; points: number }[] =>
  plan.active
    ? fields
        .filter((field) => after.has(field) && !before.has(field) && !paid.has(field) && plan.points[field] > 0)
        .map((field) => ({ field, points: plan.points[field] }))
    : []

/** The fields asked for, and how far a member has come with them. */
export const progressOf = (
  plan: Plan,
  filled: ReadonlySet<Field>,
  paid: ReadonlySet<string>,
): Pick<View, 'active' | 'done' | 'total' | 'pointsLeft' | 'fields'> => {
  const asked = plan.active ? fields.filter((field) => plan.points[field] > 0) : []
  const shown = asked.map((field) => ({
    field,
    title: fieldTitles[field],
    points: filled.has(field) || paid.has(field) ? 0 : plan.points[field],
    filled: filled.has(field),
    paid: paid.has(field),
  }))
  return {
    active: plan.active && asked.length > 0,
    done: shown.filter((f) => f.filled).length,
    total: shown.length,
    pointsLeft: shown.reduce((sum, f) => sum + f.points, 0),
    fields: shown,
  }
}

/** Points of a profile that is filled in whole. */
export const wholeReward = (plan: Plan): number => fields.reduce((sum, field) => sum + plan.points[field], 0)

/** The rules in one Chinese sentence. */
export const planSentence = (plan: Plan): string => {
  const asked = fields.filter((field) => plan.points[field] > 0)
  if (!plan.active || !asked.length) return '完善资料不送积分。'
  const each = asked.map((field) => `${fieldTitles[field]} ${plan.points[field]} 分`).join('，')
  return `会员第一次填上资料时得积分：${each}；全部填完共 ${wholeReward(plan)} 分，每项只发一次，改了再填不再发。`
}
