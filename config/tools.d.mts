export function findMariadbd(): string | null
export function findChromium(): string | null
export function hasChineseFont(): boolean
export function listTools(): { name: string; found: string | null; without: string; how: string }[]
