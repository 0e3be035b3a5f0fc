/** 138****1234. */
export const maskPhone = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`
/** 林**: the family name stays, so that a cashier can greet. */
export const maskName = (name: string): string => (name ? `${[...name][0]}**` : '会员')
