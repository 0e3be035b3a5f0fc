import { type Algorithm, hash, verify } from '@node-rs/argon2'

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane; about 30 ms on a server core. */
const cost = { algorithm: 2 satisfies Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** A password as it is stored: argon2id with its own salt and cost, in PHC form. */
export const hashPassword = (password: string): Promise<string> => hash(password, cost)

let decoy: Promise<string> | undefined

/** Whether a password fits a stored hash. Without a hash it takes just as long, so that time does not tell which accounts exist. */
export const passwordFits = async (stored: string | undefined, password: string): Promise<boolean> => {
  decoy ??= hashPassword('an account that does not exist')
  const fits = await verify(stored ?? (await decoy), password)
  return stored !== undefined && fits
}
